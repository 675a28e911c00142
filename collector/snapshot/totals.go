package snapshot

import (
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// A Group is what captures are added up by. Its fields are label values.
type Group struct {
	System, Type, Colo string
}

// Totals are the sums of a group.
type Totals struct {
	ByStatus map[string]*Stats
	Errors   map[string]int // captures with an error message, by reason
}

// newTotals returns zeros for every documented status and every reason.
func newTotals() *Totals {
	t := &Totals{ByStatus: make(map[string]*Stats, len(Statuses)), Errors: make(map[string]int)}
	zeros := make([]Stats, len(Statuses))
	for i, status := range Statuses {
		t.ByStatus[status] = &zeros[i]
	}
	for _, reason := range Reasons() {
		t.Errors[reason] = 0
	}
	return t
}

// Stats are the sums of the captures of a group in one status.
type Stats struct {
	Captures      int
	StopRequested int          // captures for which a stop was requested
	Packets       cfapi.Number // packets captured; absent if no capture reports a number
	Newest        time.Time    // latest submission; zero if unknown
	EarliestDue   time.Time    // when the first unfinished capture reaches its time limit; zero if unknown
	DueSubmitted  time.Time    // submission of that capture
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

// seconds converts seconds to a duration of a century at most. More would overflow.
func seconds(n float64) time.Duration {
	const century = 100 * 365 * 24 * time.Hour
	return time.Duration(min(n, century.Seconds()) * float64(time.Second))
}
