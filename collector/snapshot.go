package collector

import (
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// windowSize is how many captures the API lists at most, according to its
// how-to page "Collect PCAPs".
const windowSize = 50

// Snapshot is one list of captures, added up. It grows with the number of
// groups, not with that of captures.
type Snapshot struct {
	Groups       map[Group]*Totals
	Unrecognized map[string]int // captures by the field with an undocumented value
	LimitReached bool           // the list may be short
	Series       Series

	systems, types, statuses vocabulary
}

// Group is what captures are added up by.
type Group struct {
	System, Type, Colo string
}

// Totals are the sums of a group.
type Totals struct {
	ByStatus map[string]*Stats
	Errors   map[string]int // captures with an error message, by its kind
}

// Stats are the sums of a group's captures of one status.
type Stats struct {
	Captures      int
	StopRequested int
	Packets       cfapi.Number // invalid if no capture names a number
	Newest        time.Time    // zero if no capture says when it was submitted
	EarliestDue   time.Time    // zero if no unfinished capture says when it is due
	DueSubmitted  time.Time    // when the one of EarliestDue was submitted
}

// NewSnapshot returns an empty list. The groups that every account has are
// there from the start, so that an idle one shows zeros.
func NewSnapshot(mode SeriesMode) *Snapshot {
	s := &Snapshot{
		Groups:       make(map[Group]*Totals),
		Unrecognized: map[string]int{"system": 0, "type": 0, "status": 0},
		Series:       Series{mode: mode},
		systems:      vocabulary{documented: documentedSystems},
		types:        vocabulary{documented: documentedTypes},
		statuses:     vocabulary{documented: documentedStatuses},
	}
	for _, system := range documentedSystems {
		for _, typ := range documentedTypes {
			s.totals(Group{System: system, Type: typ})
		}
	}
	return s
}

// Add adds a capture. It returns the capture's group and status as they are
// shown.
func (s *Snapshot) Add(c *cfapi.Capture) (Group, string) {
	group, status := s.recognize(c)
	totals := s.totals(group)
	stats := totals.ByStatus[status]
	if stats == nil {
		stats = new(Stats)
		totals.ByStatus[status] = stats
	}
	stats.add(c, slices.Contains(unfinishedStatuses, status))
	if c.ErrorMessage != "" {
		totals.Errors[errorKind(c.ErrorMessage)]++
	}
	s.Series.add(c, group, status)
	return group, status
}

// Finish takes in what the list says of itself.
func (s *Snapshot) Finish(info cfapi.ListInfo, distinct int) {
	s.LimitReached = info.Pages <= 1 && info.Listed >= windowSize || distinct < info.Total
	s.Series.finish()
}

func (s *Snapshot) recognize(c *cfapi.Capture) (Group, string) {
	group := Group{
		System: s.value("system", &s.systems, c.System),
		Type:   s.value("type", &s.types, c.Type),
		Colo:   clean(c.Colo),
	}
	return s.fold(group), s.value("status", &s.statuses, c.Status)
}

func (s *Snapshot) value(field string, v *vocabulary, text string) string {
	value, recognized := v.fold(text)
	if !recognized {
		s.Unrecognized[field]++
	}
	return value
}

// fold gives up first the colo, then everything, once there are too many groups.
func (s *Snapshot) fold(group Group) Group {
	if s.fits(group, maxGroups-foldedGroups) {
		return group
	}
	group.Colo = other
	if s.fits(group, maxGroups-1) {
		return group
	}
	return Group{System: other, Type: other, Colo: other}
}

func (s *Snapshot) fits(group Group, limit int) bool {
	_, known := s.Groups[group]
	return known || len(s.Groups) < limit
}

// totals returns the sums of a group, zero-filled if it is new.
func (s *Snapshot) totals(group Group) *Totals {
	if totals, ok := s.Groups[group]; ok {
		return totals
	}
	totals := &Totals{ByStatus: make(map[string]*Stats, len(documentedStatuses)), Errors: make(map[string]int)}
	zeros := make([]Stats, len(documentedStatuses))
	for i, status := range documentedStatuses {
		totals.ByStatus[status] = &zeros[i]
	}
	for _, kind := range errorKinds {
		totals.Errors[kind] = 0
	}
	s.Groups[group] = totals
	return totals
}

func (s *Stats) add(c *cfapi.Capture, unfinished bool) {
	s.Captures++
	if !c.StopRequested.IsZero() {
		s.StopRequested++
	}
	if c.Packets.Valid {
		s.Packets.Valid = true
		s.Packets.Value += c.Packets.Value
	}
	if c.Submitted.IsZero() {
		return
	}
	if c.Submitted.After(s.Newest) {
		s.Newest = c.Submitted
	}
	if !unfinished || !c.TimeLimit.Valid {
		return
	}
	due := c.Submitted.Add(seconds(c.TimeLimit.Value))
	if s.EarliestDue.IsZero() || due.Before(s.EarliestDue) {
		s.EarliestDue, s.DueSubmitted = due, c.Submitted
	}
}

// seconds is at most a century: what is longer does not fit a duration.
func seconds(n float64) time.Duration {
	const century = 100 * 365 * 24 * time.Hour
	return time.Duration(min(n, century.Seconds()) * float64(time.Second))
}
