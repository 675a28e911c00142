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

// seed keeps the API from choosing ids whose hashes collide.
var seed = maphash.MakeSeed()

// known holds for each known id whether the capture has finished. Its maps never
// change, so that a Diff can read them during a Commit.
type known struct {
	primed          bool // a first list was committed
	listed, evicted map[id]bool
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
	t.known = known{primed: true, listed: d.listed, evicted: before.evicted}
	isListed := func(id id) bool {
		_, ok := d.listed[id]
		return ok
	}
	order := t.order
	if d.readmitted {
		order = slices.DeleteFunc(order, isListed)
	}
	for id := range before.listed {
		if !isListed(id) {
			order = append(order, id)
		}
	}
	if !d.readmitted && len(order) == len(t.order) {
		return
	}
	t.order = slices.Delete(order, 0, max(len(order)-maxEvicted, 0))
	t.evicted = make(map[id]bool, len(t.order))
	for _, id := range t.order {
		t.evicted[id] = before.evicted[id] || before.listed[id]
	}
}
