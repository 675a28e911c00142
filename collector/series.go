package collector

import (
	"slices"

	"cloudflare_pcap_exporter/cfapi"
)

// maxSeries is how many captures of an account get series of their own.
const maxSeries = 200

// SeriesMode says which captures get series of their own.
type SeriesMode string

// The modes, as the flag --collector.capture-series names them.
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

// Series is the newest of the captures that a mode wants.
type Series struct {
	Captures []Single // newest first
	Dropped  int      // wanted, but not among them

	mode SeriesMode
}

// Single is one capture with its labels as they are shown.
type Single struct {
	cfapi.Capture
	Group  Group
	Status string
}

func (s *Series) add(c *cfapi.Capture, group Group, status string) {
	if !s.wants(status) {
		return
	}
	single := Single{Capture: *c, Group: group, Status: status}
	single.ID = clean(c.ID)
	single.Bucket = clean(c.Bucket)
	s.Captures = append(s.Captures, single)
	if len(s.Captures) == 2*maxSeries {
		s.finish()
	}
}

func (s *Series) wants(status string) bool {
	switch s.mode {
	case SeriesAll:
		return true
	case SeriesFailed:
		return status == "failed"
	case SeriesUnfinished:
		return !slices.Contains(finishedStatuses, status)
	}
	return false
}

// finish keeps the newest of each id. Without an id a series would not be one
// capture's.
func (s *Series) finish() {
	before := len(s.Captures)
	slices.SortStableFunc(s.Captures, func(a, b Single) int { return b.Submitted.Compare(a.Submitted) })
	seen := map[string]bool{"": true}
	s.Captures = slices.DeleteFunc(s.Captures, func(c Single) bool {
		again := seen[c.ID]
		seen[c.ID] = true
		return again
	})
	s.Captures = s.Captures[:min(len(s.Captures), maxSeries)]
	s.Dropped += before - len(s.Captures)
}
