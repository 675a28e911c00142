package page

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"
)

// A Timestamp is a time in UTC, because the time zones of exporter and reader may differ.
type Timestamp struct {
	time.Time

	Distance string // from now
}

// When returns t for the template.
func (v *View) When(t time.Time) Timestamp {
	return Timestamp{t.UTC(), humanDuration(v.Now.Sub(t).Abs())}
}

// clock returns t in UTC.
func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// humanDuration returns d in two units at most.
func humanDuration(d time.Duration) string {
	units := []time.Duration{24 * time.Hour, time.Hour, time.Minute, time.Second}
	names := []string{"d", "h", "min", "s"}
	for len(units) > 2 && d < units[0] {
		units, names = units[1:], names[1:]
	}
	var parts []string
	for i, unit := range units[:2] {
		if d >= unit {
			parts = append(parts, fmt.Sprintf("%d %s", d/unit, names[i]))
		}
		d %= unit
	}
	return cmp.Or(strings.Join(parts, " "), "0 s")
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
	return fmt.Sprintf("%.4g %s", value, units[0])
}
