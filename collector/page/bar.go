package page

import (
	"cmp"
	"slices"
)

const (
	barWidth = 1000.0 // in units of the view box
	gap      = 4.0    // between two segments
)

// segment is a part of a bar. Its geometry is in attributes, because the content
// security policy forbids inline styles.
type segment struct {
	Count
	Class    string
	X, Width float64
}

// statusOrder is the order of the documented statuses in a bar: the finished statuses, then
// the unfinished ones from the last stage to the first.
var statusOrder = []string{
	"success", "complete", "failed",
	"conversion_running", "conversion_pending", "running", "pending", "unknown",
}

// segments returns a bar of the counts. Undocumented statuses come last.
func segments(counts []Count) (bar []segment) {
	total := 0
	for _, c := range counts {
		total += c.N
		if c.N > 0 {
			bar = append(bar, segment{Count: c, Class: class(c.Name)})
		}
	}
	slices.SortStableFunc(bar, func(a, b segment) int { return rank(a.Name) - rank(b.Name) })
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

func rank(status string) int {
	if i := slices.Index(statusOrder, status); i >= 0 {
		return i
	}
	return len(statusOrder)
}

func class(status string) string {
	if slices.Contains(statusOrder, status) {
		return status
	}
	return "undocumented"
}

// progressBar returns a bar that is filled to n of total.
func progressBar(class string, n, total int64) []segment {
	if total <= 0 || n < 0 {
		return nil
	}
	return []segment{{Class: class, Width: barWidth * float64(min(n, total)) / float64(total)}}
}

// statusCounts returns a list of counts by status. It keeps the most frequent of the
// undocumented statuses and adds up the others.
func statusCounts(counts map[string]int) (list []Count) {
	var undocumented []Count
	for name, n := range counts {
		if slices.Contains(statusOrder, name) {
			list = append(list, Count{name, n})
		} else {
			undocumented = append(undocumented, Count{name, n})
		}
	}
	slices.SortFunc(undocumented, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	kept, more := truncate(undocumented, maxRows)
	list = append(list, kept...)
	if more == 0 {
		return list
	}
	rest := Count{Name: "all others"}
	for _, c := range undocumented[len(kept):] {
		rest.N += c.N
	}
	return append(list, rest)
}
