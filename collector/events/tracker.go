// Package events counts what happened to the captures of one account between two
// lists. It performs no I/O and knows no metrics.
package events

import (
	"hash/maphash"
	"slices"
)

// maxEvicted is the number of ids kept after they left the list.
const maxEvicted = 1000

// A Tracker counts the events of one account. It keeps the ids of the last list, and
// the last 1,000 ids that left it, so that each capture counts once. It is not safe
// for concurrent use.
type Tracker struct {
	counts *Counts // replaced by Commit, never changed
	known
	order []id // evicted ids, oldest first
}

// id is the hash of a capture's id: an eighth of the memory.
type id uint64

type set map[id]struct{}

func setOf(ids []id) set {
	s := make(set, len(ids))
	for _, id := range ids {
		s.add(id)
	}
	return s
}

func (s set) has(id id) bool {
	_, ok := s[id]
	return ok
}

func (s set) add(id id) { s[id] = struct{}{} }

// seed keeps the API from choosing ids whose hashes collide.
var seed = maphash.MakeSeed()

// known holds the known ids. They never change, so that a Diff can read them during a
// Commit.
type known struct {
	primed     bool // a first list was committed
	listed     []id // in the order of the list
	evicted    set
	unfinished set // ids of captures that have not finished
}

// New returns a Tracker with zeros for every documented kind.
func New() *Tracker { return &Tracker{counts: newCounts()} }

// Counts returns the current counts.
func (t *Tracker) Counts() *Counts { return t.counts }

// Commit counts the events of a diff, and returns how long the captures took that
// finished.
func (t *Tracker) Commit(d *Diff) (took []Duration) {
	if len(d.submitted)+len(d.finished) > 0 || t.counts.lacks(d.groups) {
		t.counts = t.counts.clone()
	}
	for group := range d.groups {
		t.counts.addGroup(group)
	}
	for kind, n := range d.submitted {
		t.counts.Submitted[t.counts.addKind(kind)] += n
	}
	for key, n := range d.failed {
		t.counts.Failed[t.counts.addGroup(key.Group)][key.reason] += n
	}
	for key, durations := range d.finished {
		kind := t.counts.addKind(key.Kind)
		t.counts.Finished[kind][key.status] += uint64(len(durations))
		for _, d := range durations {
			if d >= 0 {
				took = append(took, Duration{kind.Type, d})
			}
		}
	}
	t.replace(d)
	return took
}

// replace makes the ids of the diff the listed ones, and evicts those that left.
func (t *Tracker) replace(d *Diff) {
	before := t.known
	t.known = known{primed: true, listed: d.listed, evicted: before.evicted, unfinished: d.unfinished}
	if d.readmitted || d.kept < len(before.listed) {
		t.evict(before.listed)
	}
	for id := range t.evicted {
		if before.unfinished.has(id) {
			t.unfinished.add(id)
		}
	}
}

// evict adds the ids of a former list that are no longer listed to the evicted ones, and
// keeps the last 1,000.
func (t *Tracker) evict(former []id) {
	listed := setOf(t.listed)
	order := append(t.order, former...)
	order = slices.DeleteFunc(order, listed.has)
	t.order = slices.Clone(order[max(len(order)-maxEvicted, 0):])
	t.evicted = setOf(t.order)
}
