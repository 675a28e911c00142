// Package captures adds up the captures of one account, and counts what happened to them
// from one list to the next. It performs no I/O and does not depend on metrics.
package captures

import (
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// windowSize is the maximum number of captures that the API lists, according to
// Cloudflare's page "Collect PCAPs".
const windowSize = 50

// A Snapshot is one list of captures, added up. Its size depends on the number of
// groups, not of captures.
type Snapshot struct {
	Fetched      time.Time
	Groups       map[Group]*Totals
	Unrecognized map[string]int // captures with an undocumented value or an unreadable time, by field
	LimitReached bool           // the list may be truncated
	Series       Series

	listed []*cfapi.Capture // until a Tracker has recorded them
}

// New adds up a list that was fetched at the given time. It replaces fields of captures by
// their label values.
func New(list *cfapi.CaptureList, fetched time.Time, mode SeriesMode) *Snapshot {
	s := &Snapshot{
		Fetched:      fetched,
		Groups:       make(map[Group]*Totals),
		LimitReached: list.Pages <= 1 && list.Listed >= windowSize || len(list.Captures) < list.Total,
		listed:       list.Captures,
	}
	for _, group := range initialGroups {
		s.Groups[group] = newTotals()
	}
	s.normalize()
	for _, c := range list.Captures {
		s.add(c)
	}
	s.Series = newSeries(s.listed, mode)
	return s
}

// normalize replaces the fields that are exported by label values.
func (s *Snapshot) normalize() {
	system, typ, status := LabelSet{Documented: systems}, LabelSet{Documented: types}, LabelSet{Documented: statusNames()}
	submitted, stopRequested := 0, 0
	for _, c := range s.listed {
		c.ID, c.Colo, c.Bucket = Sanitize(c.ID), Sanitize(c.Colo), Sanitize(c.Bucket)
		c.System, c.Type, c.Status = system.Normalize(c.System), typ.Normalize(c.Type), status.Normalize(c.Status)
		if c.SubmittedUnreadable {
			submitted++
		}
		if c.StopRequestedUnreadable {
			stopRequested++
		}
	}
	s.Unrecognized = map[string]int{
		"system": system.Unrecognized, "type": typ.Unrecognized, "status": status.Unrecognized,
		"submitted": submitted, "stop_requested": stopRequested,
	}
}

func (s *Snapshot) add(c *cfapi.Capture) {
	group := fold(s.Groups, groupOf(c))
	c.System, c.Type, c.Colo = group.System, group.Type, group.Colo
	totals := s.Groups[group]
	if totals == nil {
		totals = newTotals()
		s.Groups[group] = totals
	}
	totals.add(c)
}

func groupOf(c *cfapi.Capture) Group { return Group{c.System, c.Type, c.Colo} }
