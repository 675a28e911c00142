package collector

import (
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// sighting is what one listing would change. It changes nothing until it is
// given to commit, so a listing that fails is just dropped.
type sighting struct {
	before memory
	now    time.Time
	listed map[cfapi.Key]bool // filled by the client, but for the values

	submitted map[class]uint64
	ended     map[end][]time.Duration // since their submission; negative if that is not known
	returned  bool                    // a capture that had left is listed again
}

// end is what ends are counted by.
type end struct {
	class
	status string
}

// begin starts a sighting.
func (t *tracker) begin(now time.Time) *sighting {
	return &sighting{
		before:    t.memory,
		now:       now,
		listed:    make(map[cfapi.Key]bool, len(t.listed)),
		submitted: make(map[class]uint64),
		ended:     make(map[end][]time.Duration),
	}
}

// add takes in a capture with its group and status as they are shown. One
// without an id cannot be told from others, and is passed over.
func (s *sighting) add(c *cfapi.Capture, group Group, status string) {
	if c.ID == "" {
		return
	}
	key := c.Key()
	ended, known := s.before.listed[key]
	if !known {
		ended, known = s.before.departed[key]
		s.returned = s.returned || known
	}
	ends := !ended && slices.Contains(finishedStatuses, status)
	if ended || ends {
		s.listed[key] = true
	}
	if !s.before.started {
		return
	}
	class := class{group.System, group.Type}
	if !known {
		s.submitted[class]++
	}
	if ends {
		took := time.Duration(-1)
		if !c.Submitted.IsZero() {
			took = max(s.now.Sub(c.Submitted), 0)
		}
		e := end{class, status}
		s.ended[e] = append(s.ended[e], took)
	}
}
