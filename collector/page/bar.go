package page

import (
	"cmp"
	"slices"
)

// barWidth is that of a bar, in the units of its drawing, and gap what separates
// two of its parts.
const (
	barWidth = 1000.0
	gap      = 4.0
)

// segment is a part of a bar. It is drawn by attributes: the page's policy
// forbids inline styles.
type segment struct {
	Count
	Class    string
	X, Width float64
}

// coloured are the documented statuses, in the order in which a bar shows them:
// how it ended, then what is under way, latest stage first.
var coloured = []string{
	"success", "complete", "failed",
	"conversion_running", "conversion_pending", "running", "pending", "unknown",
}

// segments is a bar of the counts, and its legend. What the API does not
// document comes last.
func segments(counts []Count) (bar []segment) {
	total := 0
	for _, c := range counts {
		total += c.N
		if c.N > 0 {
			bar = append(bar, segment{Count: c, Class: class(c.Name)})
		}
	}
	slices.SortStableFunc(bar, func(a, b segment) int { return place(a.Name) - place(b.Name) })
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

func place(status string) int {
	if i := slices.Index(coloured, status); i >= 0 {
		return i
	}
	return len(coloured)
}

func class(status string) string {
	if slices.Contains(coloured, status) {
		return status
	}
	return "undocumented"
}

// filled is a bar with a part of n in total.
func filled(class string, n, total int64) []segment {
	if total <= 0 || n < 0 {
		return nil
	}
	return []segment{{Class: class, Width: barWidth * float64(min(n, total)) / float64(total)}}
}

// tally makes a list of counts by status. Of what the API does not document,
// the most frequent are named, and the others counted as one: each of many
// accounts may have words of its own.
func tally(counts map[string]int) (list []Count) {
	var strange []Count
	for name, n := range counts {
		if slices.Contains(coloured, name) {
			list = append(list, Count{name, n})
		} else {
			strange = append(strange, Count{name, n})
		}
	}
	slices.SortFunc(strange, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name))
	})
	named, more := bounded(strange, maxRows)
	list = append(list, named...)
	if more == 0 {
		return list
	}
	rest := Count{Name: "all others"}
	for _, c := range strange[len(named):] {
		rest.N += c.N
	}
	return append(list, rest)
}
