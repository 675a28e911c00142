package captures

import (
	"cmp"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// Totals are the sums of a group. A missing key has the sum 0.
type Totals struct {
	ByStatus map[string]*Stats
	Errors   map[string]int // captures that failed or have an error message, by reason
}

func newTotals() *Totals {
	return &Totals{ByStatus: make(map[string]*Stats), Errors: make(map[string]int)}
}

func (t *Totals) add(c *cfapi.Capture) {
	status := StatusOf(c.Status)
	stats := t.ByStatus[c.Status]
	if stats == nil {
		stats = new(Stats)
		t.ByStatus[c.Status] = stats
	}
	stats.add(c, status.Unfinished)
	if status.Failed || c.ErrorMessage != "" {
		t.Errors[FailureReason(c.ErrorMessage)]++
	}
}

// Stats are the sums of the captures of a group in one status.
type Stats struct {
	Captures      int
	StopRequested int            // captures for which a stop was requested
	Packets       cfapi.Number   // packets captured; absent if no capture reports a number
	Newest        *cfapi.Capture // the capture submitted last
	FirstDue      *cfapi.Capture // the unfinished capture that is due first; nil if unknown
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
	if s.Newest == nil || c.Submitted.After(s.Newest.Submitted) {
		s.Newest = c
	}
	if due := dueTime(c); unfinished && !due.IsZero() && (s.FirstDue == nil || due.Before(dueTime(s.FirstDue))) {
		s.FirstDue = c
	}
}

// EarliestDue returns when FirstDue reaches its time limit, or the zero time.
func (s *Stats) EarliestDue() time.Time {
	if s.FirstDue == nil {
		return time.Time{}
	}
	return dueTime(s.FirstDue)
}

// First returns the capture that is due first, or the newest one if that is unknown.
func (s *Stats) First() *cfapi.Capture { return cmp.Or(s.FirstDue, s.Newest) }

// dueTime returns when a capture reaches its time limit. It returns the zero time if that
// is unknown.
func dueTime(c *cfapi.Capture) time.Time {
	if c.Submitted.IsZero() || !c.TimeLimit.Valid {
		return time.Time{}
	}
	const century = 100 * 365 * 24 * time.Hour // a longer time.Duration could overflow
	return c.Submitted.Add(time.Duration(min(c.TimeLimit.Value, century.Seconds()) * float64(time.Second)))
}
