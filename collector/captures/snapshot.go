// Package captures adds up the captures of one account, and counts what happened to them
// from one list to the next. It performs no I/O and does not depend on metrics.
package captures

import (
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// windowSize is the maximum number of captures that the API lists, according to the
// page "Collect PCAPs".
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
		Unrecognized: map[string]int{"system": 0, "type": 0, "status": 0, "submitted": 0, "stop_requested": 0},
		LimitReached: list.Pages <= 1 && list.Listed >= windowSize || len(list.Captures) < list.Total,
		listed:       list.Captures,
	}
	for _, group := range initialGroups {
		s.Groups[group] = newTotals()
	}
	labels := newLabels(s.Unrecognized)
	for _, c := range list.Captures {
		labels.normalize(c)
		s.add(c)
	}
	s.Series = newSeries(s.listed, mode)
	return s
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

// labels are the labels of one list.
type labels struct {
	systems, types, statuses LabelSet
	unrecognized             map[string]int
}

func newLabels(unrecognized map[string]int) *labels {
	l := &labels{systems: LabelSet{Documented: systems}, types: LabelSet{Documented: types}, unrecognized: unrecognized}
	for _, status := range Statuses {
		l.statuses.Documented = append(l.statuses.Documented, status.Name)
	}
	return l
}

// normalize replaces the fields that are exported by label values.
func (l *labels) normalize(c *cfapi.Capture) {
	c.ID, c.Colo, c.Bucket = Sanitize(c.ID), Sanitize(c.Colo), Sanitize(c.Bucket)
	l.value("system", &l.systems, &c.System)
	l.value("type", &l.types, &c.Type)
	l.value("status", &l.statuses, &c.Status)
	if c.SubmittedUnreadable {
		l.unrecognized["submitted"]++
	}
	if c.StopRequestedUnreadable {
		l.unrecognized["stop_requested"]++
	}
}

func (l *labels) value(field string, set *LabelSet, value *string) {
	text, documented := set.Normalize(*value)
	if !documented {
		l.unrecognized[field]++
	}
	*value = text
}
