package snapshot

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

// Series holds the captures that are exported individually.
type Series struct {
	Mode     SeriesMode
	Captures []Single // newest first, 200 at most
	Dropped  int      // selected captures beyond that bound, or without an id
}

// Single is one capture with its label values.
type Single struct {
	cfapi.Capture
	Group  Group
	Status string
}

func (s *Series) add(c *cfapi.Capture, group Group, status string) {
	if !s.selects(status) {
		return
	}
	single := Single{Capture: *c, Group: group, Status: status}
	single.ID = Sanitize(c.ID)
	single.Bucket = Sanitize(c.Bucket)
	s.Captures = append(s.Captures, single)
	if len(s.Captures) == 2*maxSeries {
		s.finish()
	}
}

func (s *Series) selects(status string) bool {
	switch s.Mode {
	case SeriesAll:
		return true
	case SeriesFailed:
		return status == "failed"
	case SeriesUnfinished:
		return !slices.Contains(FinishedStatuses, status)
	}
	return false
}

// finish keeps the newest capture of each id. A capture without an id is dropped,
// because its series could not be distinguished from others.
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
