package captures

import (
	"maps"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// maxEvicted is the number of ids kept after they left the list.
const maxEvicted = 1000

// A Tracker counts the events of one account. It keeps the ids of the last list, and the
// last 1,000 that left it, so that each capture counts once. It is not safe for concurrent
// use.
type Tracker struct {
	counts *Counts // replaced by Record, never changed
	groups map[Group]bool
	known  map[string]sighting // by id
	lists  int                 // number of lists recorded
}

// sighting is the state of a capture in the last list that contains it.
type sighting struct {
	list     int
	finished bool
}

// A Finish is the end of a capture.
type Finish struct {
	*cfapi.Capture

	Type string        // label value of the counts
	Took time.Duration // from the submission to this list; negative if that is unknown, or no list showed the capture unfinished
}

// NewTracker returns a Tracker with zeros for the groups that every account has.
func NewTracker() *Tracker {
	t := &Tracker{counts: newCounts(), groups: make(map[Group]bool), known: make(map[string]sighting)}
	for _, group := range initialGroups {
		t.group(group)
	}
	return t
}

// Counts returns the current counts.
func (t *Tracker) Counts() *Counts { return t.counts }

// Record counts the events between the last list and this one. The first list causes no
// events. Record returns the captures that finished.
func (t *Tracker) Record(s *Snapshot) (finishes []Finish) {
	t.counts = t.counts.clone()
	t.lists++
	for _, c := range s.listed {
		group := t.group(groupOf(c))
		last, known := t.known[c.ID]
		if c.ID == "" || last.list == t.lists {
			continue // cannot be tracked
		}
		finishing := !last.finished && StatusOf(c.Status).Finished
		t.known[c.ID] = sighting{t.lists, last.finished || finishing}
		if t.lists == 1 {
			continue
		}
		if !known {
			t.counts.Submitted[kind(group)]++
		}
		if finishing {
			t.counts.finish(group, c)
			took := time.Duration(-1)
			if known && !c.Submitted.IsZero() {
				took = max(s.Fetched.Sub(c.Submitted), 0)
			}
			finishes = append(finishes, Finish{c, group.Type, took})
		}
	}
	t.forget(len(s.listed))
	s.listed = nil
	return finishes
}

// group returns the group in which a capture is counted.
func (t *Tracker) group(group Group) Group {
	group = fold(t.groups, group)
	if !t.groups[group] {
		t.groups[group] = true
		t.counts.initialize(group)
	}
	return group
}

// forget removes the captures that left the list first, if too many have left it.
func (t *Tracker) forget(listed int) {
	excess := len(t.known) - listed - maxEvicted
	if excess <= 0 {
		return
	}
	oldest := slices.SortedFunc(maps.Keys(t.known), func(a, b string) int { return t.known[a].list - t.known[b].list })
	for _, id := range oldest[:excess] {
		delete(t.known, id)
	}
}
