package captures

import (
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
	primed bool // a first list was recorded

	listed, evicted map[string]bool // whether each capture has finished, by id
	order           []string        // evicted ids, oldest first
}

// A Finish is the end of a capture.
type Finish struct {
	*cfapi.Capture

	Type string        // label value of the counts
	Took time.Duration // from the submission to this list; negative if no list showed the capture unfinished
}

// NewTracker returns a Tracker with zeros for the groups that every account has.
func NewTracker() *Tracker {
	t := &Tracker{counts: newCounts(), groups: make(map[Group]bool), evicted: make(map[string]bool)}
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
	listed := make(map[string]bool, len(s.listed))
	for _, c := range s.listed {
		group := t.group(groupOf(c))
		if c.ID == "" || has(listed, c.ID) {
			continue // cannot be tracked
		}
		finished, known := t.take(c.ID)
		finishing := !finished && StatusOf(c.Status).Finished
		listed[c.ID] = finished || finishing
		if !t.primed {
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
	t.evict()
	t.listed, t.primed, s.listed = listed, true, nil
	return finishes
}

// group returns the group in which a capture is counted.
func (t *Tracker) group(group Group) Group {
	group = fold(t.groups, group)
	if !t.groups[group] {
		t.groups[group] = true
		t.counts.add(group)
	}
	return group
}

// take removes a capture from the known ones. It reports whether it was there, and whether
// it has finished.
func (t *Tracker) take(id string) (finished, known bool) {
	if finished, known = t.listed[id]; known {
		delete(t.listed, id)
	} else if finished, known = t.evicted[id]; known {
		delete(t.evicted, id)
		i := slices.Index(t.order, id)
		t.order = slices.Delete(t.order, i, i+1)
	}
	return finished, known
}

// evict evicts what is left of the last list, and forgets the oldest of the evicted
// captures.
func (t *Tracker) evict() {
	for id, finished := range t.listed {
		t.evicted[id] = finished
		t.order = append(t.order, id)
	}
	excess := max(len(t.order)-maxEvicted, 0)
	for _, id := range t.order[:excess] {
		delete(t.evicted, id)
	}
	t.order = slices.Delete(t.order, 0, excess)
}
