package page

import (
	"cmp"
	"slices"

	"cloudflare_pcap_exporter/collector/captures"
)

const (
	barWidth = 1000.0 // in units of the view box
	gap      = 4.0    // between two segments
)

// segment is a part of a bar. Its geometry is in attributes, because the content
// security policy forbids inline styles.
type segment struct {
	Name     string
	N        int
	Class    string
	X, Width float64
}

// segments returns a bar of the captures by status: first the documented statuses in the
// order of captures.Statuses, then the most frequent others.
func segments(counts map[string]int) []segment {
	var bar, others []segment
	for _, status := range captures.Statuses {
		if n := counts[status.Name]; n > 0 {
			bar = append(bar, segment{Name: status.Name, N: n, Class: status.Name})
		}
	}
	total := 0
	for name, n := range counts {
		total += n
		if captures.StatusOf(name).Name == "" {
			others = append(others, segment{Name: name, N: n, Class: "undocumented"})
		}
	}
	slices.SortFunc(others, func(a, b segment) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	bar = append(bar, others...)
	if n := len(captures.Statuses) + maxRows; len(bar) > n {
		others := segment{Name: "all others", Class: "undocumented"}
		for _, s := range bar[n:] {
			others.N += s.N
		}
		bar = append(bar[:n], others)
	}
	x := 0.0
	for i := range bar {
		width := barWidth * float64(bar[i].N) / float64(total)
		bar[i].X, bar[i].Width = x, width
		if i < len(bar)-1 {
			bar[i].Width = max(width-gap, width/2)
		}
		x += width
	}
	return bar
}

// progressBar returns a bar that is filled to n of total.
func progressBar(class string, n, total int64) []segment {
	if total <= 0 || n < 0 {
		return nil
	}
	return []segment{{Class: class, Width: barWidth * float64(min(n, total)) / float64(total)}}
}
