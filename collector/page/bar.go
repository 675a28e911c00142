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

	rank int
}

// segments returns a bar of the captures by status: first the documented statuses in the
// order of captures.Statuses, then the most frequent others.
func segments(counts map[string]int) (bar []segment) {
	total := 0
	for name, n := range counts {
		s := segment{Name: name, N: n, Class: name}
		s.rank = slices.IndexFunc(captures.Statuses, func(status captures.Status) bool { return status.Name == name })
		if s.rank < 0 {
			s.rank, s.Class = len(captures.Statuses), "undocumented"
		}
		bar, total = append(bar, s), total+n
	}
	slices.SortFunc(bar, func(a, b segment) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
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
