package page

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// timestamp is a time as the page shows it.
type timestamp struct {
	RFC3339  string
	Clock    string // shown on hovering
	Distance string // from now
}

// When returns t for the template.
func (m *model) When(t time.Time) timestamp {
	return timestamp{
		RFC3339:  t.UTC().Format(time.RFC3339),
		Clock:    clock(t),
		Distance: humanDuration(m.Now.Sub(t).Abs()),
	}
}

// clock returns t in UTC, because the time zones of exporter and reader may differ.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// humanDuration returns d in two units at most.
func humanDuration(d time.Duration) string {
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

// plural returns a number with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// humanBytes returns n in decimal units, in which Cloudflare specifies byte limits.
func humanBytes(n float64) string {
	units := []string{"B", "kB", "MB", "GB"}
	value := math.Trunc(n)
	for value >= 1000 && len(units) > 1 {
		value, units = value/1000, units[1:]
	}
	return strconv.FormatFloat(value, 'g', 4, 64) + " " + units[0]
}
