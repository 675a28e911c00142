package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	floor        = "ordinary exporter"
	jsonExporter = "json_exporter"
)

// A setup is a path, the size of the API, and how often each program is measured: in each
// round, each gets batch requests.
type setup struct {
	path                              string
	accounts, captures, rounds, batch int
}

// A program can be measured.
type program struct {
	name, file string
	source     string // directory of its source; "" if it is built
	args       func(s setup, api, exporter string) []string
}

// A subject is a program that runs.
type subject struct {
	name, url     string
	process       *process
	cpu, duration []time.Duration // of a request, for each round
	elapsed       time.Duration   // in this round
	series        int
}

// measure measures the programs and prints a row for each.
func (s setup) measure(ctx context.Context, programs []program) error {
	api := newAPI(ctx, s.captures)
	defer api.Close()
	subjects, err := s.start(ctx, programs, api.URL)
	defer func() {
		for _, subject := range subjects {
			subject.process.stop()
		}
	}()
	for i := 0; i < s.rounds && err == nil; i++ {
		err = s.round(ctx, subjects)
	}
	if err != nil {
		return err
	}
	exporter, ordinary := subjects[0], subjects[1]
	if exporter.series != ordinary.series {
		return fmt.Errorf("%d series, but the %s has %d", exporter.series, floor, ordinary.series)
	}
	for _, subject := range subjects {
		peak, err := subject.process.peakMemory()
		if err != nil {
			return err
		}
		cpu := median(subject.cpu)
		fmt.Printf("| `%s` | %d of %d | %s | %.2f | %.2f | %.2f | %.1f | %d |\n", s.path, s.accounts, s.captures, subject.name,
			1e3*cpu.Seconds(), cpu.Seconds()/median(ordinary.cpu).Seconds(), 1e3*median(subject.duration).Seconds(), peak, subject.series)
	}
	return nil
}

// start starts the programs, and requests each once.
func (s setup) start(ctx context.Context, programs []program, api string) (subjects []*subject, err error) {
	for _, p := range programs {
		if p.name == jsonExporter && s.path != "/probe" {
			continue // it has no accounts
		}
		exporter := ""
		if len(subjects) > 0 {
			exporter = subjects[0].process.url
		}
		process, err := startProcess(ctx, p.file, p.args(s, api, exporter)...)
		if err != nil {
			return subjects, err
		}
		subject := &subject{name: p.name, process: process, url: process.url + s.path + "?target=" + id(0)}
		want := "\ncloudflare_pcap_up{account=\"" + id(s.accounts-1) + "\"} 1\n"
		if p.name == jsonExporter {
			subject.url = process.url + "/probe?module=default&target=" + api + "/accounts/" + id(0) + "/pcaps"
			want = id(s.captures - 1)
		}
		subjects = append(subjects, subject)
		var text strings.Builder
		if err := fetch(ctx, subject.url, &text); err != nil {
			return subjects, err
		}
		if !strings.Contains(text.String(), want) {
			return subjects, fmt.Errorf("%s: no %q in %.500q", p.name, want, text.String())
		}
		subject.series = strings.Count(text.String(), "\n") - strings.Count(text.String(), "# ")
	}
	return subjects, nil
}

// round requests each subject in turn. A machine that slows down affects all.
func (s setup) round(ctx context.Context, subjects []*subject) error {
	before := make([]time.Duration, len(subjects))
	for i, subject := range subjects {
		var err error
		if before[i], err = subject.process.cpu(); err != nil {
			return err
		}
		subject.elapsed = 0
	}
	for range s.batch {
		for _, subject := range subjects {
			start := time.Now()
			if err := fetch(ctx, subject.url, io.Discard); err != nil {
				return fmt.Errorf("%s: %w", subject.name, err)
			}
			subject.elapsed += time.Since(start)
		}
	}
	for i, subject := range subjects {
		after, err := subject.process.cpu()
		if err != nil {
			return err
		}
		subject.cpu = append(subject.cpu, (after-before[i])/time.Duration(s.batch))
		subject.duration = append(subject.duration, subject.elapsed/time.Duration(s.batch))
	}
	return nil
}

func median(d []time.Duration) time.Duration { return slices.Sorted(slices.Values(d))[len(d)/2] }

// client keeps its connections, as Prometheus does, and decompresses nothing.
var client = &http.Client{Transport: &http.Transport{DisableCompression: true}}

func fetch(ctx context.Context, url string, body io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err = io.Copy(body, resp.Body); err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, resp.Status)
	}
	return err
}
