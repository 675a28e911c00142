// Package snapshot adds up one list of captures. It performs no I/O and does not
// depend on metrics.
package snapshot

import (
	"slices"

	"cloudflare_pcap_exporter/cfapi"
)

// windowSize is the maximum number of captures that the API lists, according to the
// page "Collect PCAPs".
const windowSize = 50

// A Snapshot is one list of captures, added up. Its size depends on the number of
// groups, not of captures.
type Snapshot struct {
	Groups       map[Group]*Totals
	Unrecognized map[string]int // captures with an undocumented value, by field
	LimitReached bool           // the list may be truncated
	Series       Series

	systems, types, statuses LabelSet
}

// New returns a snapshot without captures. It contains the groups that every account
// has, so that an idle account is exported with zeros.
func New(mode SeriesMode) *Snapshot {
	s := &Snapshot{
		Groups:       make(map[Group]*Totals),
		Unrecognized: map[string]int{"system": 0, "type": 0, "status": 0},
		Series:       Series{Mode: mode},
		systems:      LabelSet{Documented: Systems},
		types:        LabelSet{Documented: Types},
		statuses:     LabelSet{Documented: Statuses},
	}
	for _, system := range Systems {
		for _, typ := range Types {
			s.totals(Group{System: system, Type: typ}, MaxGroups)
		}
	}
	return s
}

// Add adds a capture and returns its group and status as label values.
func (s *Snapshot) Add(c *cfapi.Capture) (Group, string) {
	group, totals := s.group(c)
	status := s.value("status", &s.statuses, c.Status)
	stats := totals.ByStatus[status]
	if stats == nil {
		stats = new(Stats)
		totals.ByStatus[status] = stats
	}
	stats.add(c, slices.Contains(UnfinishedStatuses, status))
	if c.ErrorMessage != "" {
		totals.Errors[ReasonOf(c.ErrorMessage)]++
	}
	if status == "failed" {
		totals.Failures[ReasonOf(c.ErrorMessage)]++
	}
	s.Series.add(c, group, status)
	return group, status
}

// Listed returns the groups of the captures that were added.
func (s *Snapshot) Listed() []Group {
	groups := make([]Group, 0, len(s.Groups))
	for group, totals := range s.Groups {
		if len(totals.ByStatus) > 0 {
			groups = append(groups, group)
		}
	}
	return groups
}

// Finish completes the snapshot of a list.
func (s *Snapshot) Finish(list *cfapi.CaptureList) {
	s.LimitReached = list.Pages <= 1 && list.Listed >= windowSize || len(list.Captures) < list.Total
	s.Series.finish()
}

// group returns the group of a capture and its totals. Beyond the maximum number of
// groups it first drops the colo, then system and type.
func (s *Snapshot) group(c *cfapi.Capture) (Group, *Totals) {
	group := Group{
		System: s.value("system", &s.systems, c.System),
		Type:   s.value("type", &s.types, c.Type),
		Colo:   Sanitize(c.Colo),
	}
	if totals := s.totals(group, MaxGroups-foldedGroups); totals != nil {
		return group, totals
	}
	group.Colo = Other
	if totals := s.totals(group, MaxGroups-1); totals != nil {
		return group, totals
	}
	group = Group{System: Other, Type: Other, Colo: Other}
	return group, s.totals(group, MaxGroups)
}

func (s *Snapshot) value(field string, set *LabelSet, text string) string {
	value, documented := set.Normalize(text)
	if !documented {
		s.Unrecognized[field]++
	}
	return value
}

// totals returns the totals of a group. It adds a new group if there are fewer than limit,
// and otherwise returns nil.
func (s *Snapshot) totals(group Group, limit int) *Totals {
	totals, ok := s.Groups[group]
	if !ok && len(s.Groups) < limit {
		totals = &Totals{ByStatus: make(map[string]*Stats), Errors: make(map[string]int), Failures: make(map[string]int)}
		s.Groups[group] = totals
	}
	return totals
}
