package page

import (
	"fmt"
	"time"
)

// moment is a point in time as the page shows it: its distance from now, and on
// hovering, itself.
type moment struct {
	Stamp, Clock, Distance string
}

// When is called by the template.
func (m *model) When(t time.Time) moment {
	return moment{
		Stamp:    t.UTC().Format(time.RFC3339),
		Clock:    clock(t),
		Distance: span(m.Now.Sub(t).Abs()),
	}
}

// clock is a point in time for people. The exporter's time zone need not be the
// reader's.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// span is a duration for people: two units of it at most.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	d = d.Truncate(time.Second)
	seconds, minutes, hours := d%time.Minute/time.Second, d%time.Hour/time.Minute, d%day/time.Hour
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", seconds)
	case d < time.Hour:
		return two(fmt.Sprintf("%d min", minutes), int(seconds), "s")
	case d < day:
		return two(fmt.Sprintf("%d h", d/time.Hour), int(minutes), "min")
	}
	return two(fmt.Sprintf("%d d", d/day), int(hours), "h")
}

func two(first string, n int, unit string) string {
	if n == 0 {
		return first
	}
	return fmt.Sprintf("%s %d %s", first, n, unit)
}

// plural is a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
