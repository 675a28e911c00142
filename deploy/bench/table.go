package main

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// row is a row of a table. Its value is 0 if it was not measured.
type row struct {
	name  string
	value func(r *result) float64
}

func rows(path, unit string, size func(*result) int) []row {
	scrape, floor := exporter+" "+path, ordinary+" "+path
	return []row{
		{"series", func(r *result) float64 { return r.get(scrape).series }},
		{"CPU time, ms", func(r *result) float64 { return ms(r.get(scrape).cpu) }},
		{"CPU time for each " + unit + ", µs", func(r *result) float64 { return 1000 * ms(r.get(scrape).cpu) / float64(size(r)) }},
		{"CPU time with gzip, ms", func(r *result) float64 { return ms(r.get(scrape + " gzip").cpu) }},
		{"duration, ms", func(r *result) float64 { return ms(r.get(scrape).duration) }},
		{"allocations", func(r *result) float64 { return r.get(scrape).mallocs }},
		{"peak memory, MiB", func(r *result) float64 { return r.peak[exporter] }},
		{"x-floor: an ordinary exporter", ratio(scrape, floor)},
		{"x-floor: an ordinary exporter, both with gzip", ratio(scrape+" gzip", floor+" gzip")},
		{"x-floor: jsontext requests and decodes the list", ratio(scrape, decode+" request")},
		{"x-floor: jsontext decodes the same bytes from memory", ratio(scrape, decode)},
		{"x-bare: duration of the bare list", func(r *result) float64 { return ms(r.get(scrape).duration) / ms(r.get("bare").duration) }},
		{"CPU time of an ordinary exporter, ms", func(r *result) float64 { return ms(r.get(floor).cpu) }},
		{"CPU time of jsontext, request and decode, ms", func(r *result) float64 { return ms(r.get(decode + " request").cpu) }},
		{"CPU time of jsontext, decode from memory, ms", func(r *result) float64 { return ms(r.get(decode).cpu) }},
		{"CPU time of Cloudflare's SDK: times the exporter's", ratio(sdk, scrape)},
		{"CPU time of json_exporter: times the exporter's", ratio(jsonExporter, scrape)},
		{"peak memory of Cloudflare's SDK, MiB", func(r *result) float64 { return r.peak[sdk] }},
		{"peak memory of json_exporter, MiB", func(r *result) float64 { return r.peak[jsonExporter] }},
	}
}

// ratio returns the median of the ratios of CPU time. Both samples of a ratio are of the same
// round, so a machine that slows down hardly changes it.
func ratio(name, floor string) func(*result) float64 {
	return func(r *result) float64 {
		var ratios []float64
		a, b := r.get(name).cpu, r.get(floor).cpu
		for i := range min(len(a), len(b)) {
			ratios = append(ratios, float64(a[i])/float64(b[i]))
		}
		return median(ratios)
	}
}

func ms(samples []time.Duration) float64 { return float64(median(samples)) / float64(time.Millisecond) }

func median[T cmp.Ordered](samples []T) (m T) {
	if len(samples) > 0 {
		m = slices.Sorted(slices.Values(samples))[len(samples)/2]
	}
	return m
}

// write prints the tables.
func write(results []*result, programs map[string]string) {
	cpu, _ := os.ReadFile("/proc/cpuinfo")
	_, model, _ := strings.Cut(string(cpu), "model name\t: ")
	model, _, _ = strings.Cut(model, "\n")
	fmt.Printf("%d cores, %s, %s, %s/%s\n", runtime.NumCPU(), cmp.Or(model, "unknown model"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	captures, accounts := func(r *result) int { return r.captures }, func(r *result) int { return r.accounts }
	table("`/probe` by captures", captures, rows("/probe", "capture", captures),
		slices.DeleteFunc(slices.Clone(results), func(r *result) bool { return r.accounts > 1 }))
	table("`/metrics` by accounts of 50 captures", accounts, rows("/metrics", "account", accounts),
		slices.DeleteFunc(slices.Clone(results), func(r *result) bool { return r.captures != 50 }))
	fmt.Print("\n| process | start to first response, ms | memory after it, MiB | binary, MiB |\n|---|--:|--:|--:|\n")
	one := results[slices.IndexFunc(results, func(r *result) bool { return r.accounts == 1 && r.captures == 50 })]
	for _, name := range []string{exporter, ordinary, sdk, jsonExporter} {
		if info, err := os.Stat(programs[name]); err == nil {
			p := one.running[name]
			fmt.Printf("| %s | %s | %s | %s |\n", name, format(ms(p.first)), format(median(p.memory)), format(float64(info.Size())/(1<<20)))
		}
	}
}

func table(title string, size func(*result) int, rows []row, results []*result) {
	fmt.Printf("\n| %s |", title)
	for _, r := range results {
		fmt.Printf(" %d |", size(r))
	}
	fmt.Printf("\n|---|%s\n", strings.Repeat("--:|", len(results)))
	for _, row := range rows {
		var cells []string
		for _, r := range results {
			cells = append(cells, format(row.value(r)))
		}
		if strings.Join(cells, "") != "" {
			fmt.Printf("| %s | %s |\n", row.name, strings.Join(cells, " | "))
		}
	}
}

// format returns three digits or an integer, and nothing for 0.
func format(v float64) string {
	switch {
	case v <= 0:
		return ""
	case v >= 100 || v == float64(int(v)):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
