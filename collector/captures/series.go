package captures

import (
	"slices"

	"cloudflare_pcap_exporter/cfapi"
)

// maxSeries is the maximum number of single captures of an account.
const maxSeries = 200

// SeriesMode selects the captures that are exported individually.
type SeriesMode string

// The modes, as in --collector.capture-series.
const (
	SeriesNone       SeriesMode = "none"
	SeriesUnfinished SeriesMode = "unfinished"
	SeriesFailed     SeriesMode = "failed"
	SeriesAll        SeriesMode = "all"
)

// SeriesModes returns every mode.
func SeriesModes() []string {
	return []string{string(SeriesNone), string(SeriesUnfinished), string(SeriesFailed), string(SeriesAll)}
}

func (m SeriesMode) selects(s Status) bool {
	return m == SeriesAll || m == SeriesFailed && s.Failed || m == SeriesUnfinished && !s.Finished
}

// Series holds the captures that are exported individually. Their fields are label values.
type Series struct {
	Mode     SeriesMode
	Captures []*cfapi.Capture // newest first, 200 at most
	Dropped  int              // selected captures beyond that bound, or without an id
}

// newSeries selects the newest capture of each id. A capture without an id is dropped,
// because its series could not be distinguished from others.
func newSeries(listed []*cfapi.Capture, mode SeriesMode) Series {
	s := Series{Mode: mode}
	for _, c := range listed {
		if mode.selects(StatusOf(c.Status)) {
			s.Captures = append(s.Captures, c)
		}
	}
	selected := len(s.Captures)
	slices.SortStableFunc(s.Captures, func(a, b *cfapi.Capture) int { return b.Submitted.Compare(a.Submitted) })
	seen := map[string]bool{"": true}
	s.Captures = slices.DeleteFunc(s.Captures, func(c *cfapi.Capture) bool {
		again := seen[c.ID]
		seen[c.ID] = true
		return again
	})
	s.Captures = slices.Clip(s.Captures[:min(len(s.Captures), maxSeries)])
	s.Dropped = selected - len(s.Captures)
	return s
}
