package snapshot

import (
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// A Group is the key by which captures are added up. Its fields are label values.
type Group struct {
	System, Type, Colo string
}

// Totals are the sums of a group. A missing key has the sum 0.
type Totals struct {
	ByStatus map[string]*Stats
	Errors   map[string]int // captures with an error message, by reason
	Failures map[string]int // failed captures, by reason
}

// Stats are the sums of the captures of a group in one status.
type Stats struct {
	Captures      int
	StopRequested int          // captures for which a stop was requested
	Packets       cfapi.Number // packets captured; absent if no capture reports a number
	Newest        Example      // the capture submitted last
	FirstDue      Example      // the unfinished capture that reaches its time limit first
	EarliestDue   time.Time    // when it does; zero if unknown
}

// Example identifies one of the captures for a human reader. Its fields have the values
// that the API returned.
type Example struct {
	ID                 string
	Submitted          time.Time // zero if unknown
	Packets, ByteLimit cfapi.Number
}

func newExample(c *cfapi.Capture) Example {
	return Example{ID: c.ID, Submitted: c.Submitted, Packets: c.Packets, ByteLimit: c.ByteLimit}
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
	if s.Captures == 1 || c.Submitted.After(s.Newest.Submitted) {
		s.Newest = newExample(c)
	}
	if !unfinished || c.Submitted.IsZero() || !c.TimeLimit.Valid {
		return
	}
	due := c.Submitted.Add(seconds(c.TimeLimit.Value))
	if s.EarliestDue.IsZero() || due.Before(s.EarliestDue) {
		s.EarliestDue, s.FirstDue = due, newExample(c)
	}
}

// seconds converts seconds to a duration of a century at most. More would overflow.
func seconds(n float64) time.Duration {
	const century = 100 * 365 * 24 * time.Hour
	return time.Duration(min(n, century.Seconds()) * float64(time.Second))
}
