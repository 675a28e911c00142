// Package events counts what happened to the captures of one account between two
// lists. It performs no I/O and does not depend on metrics.
package events

import (
	"hash/maphash"
	"slices"
)

// maxEvicted is the number of ids kept after they left the list.
const maxEvicted = 1000

// A Tracker counts the events of one account. It keeps the captures of the last list, and
// the last 1,000 that left it, so that each capture counts once. It is not safe for
// concurrent use.
type Tracker struct {
	counts *Counts // replaced by Commit, never changed
	known
	order []entry // evicted captures, oldest first
}

// seed keeps the API from choosing ids whose hashes collide.
var seed = maphash.MakeSeed()

// entry is a capture in 8 bytes: the hash of its id and, in the lowest bit, whether it has
// finished.
type entry uint64

const finishedBit entry = 1

func newEntry(id string) entry { return entry(maphash.String(seed, id)).hash() }

func (e entry) hash() entry { return e &^ finishedBit }

func (e entry) finished() bool { return e&finishedBit != 0 }

// known holds the known captures. They never change, so that a Diff can read them during a
// Commit.
type known struct {
	primed  bool    // a first list was committed
	listed  []entry // in the order of the list
	evicted index
}

// index maps the hash of a capture to whether the capture has finished.
type index map[entry]bool

func newIndex(entries []entry) index {
	i := make(index, len(entries))
	for _, e := range entries {
		i[e.hash()] = e.finished()
	}
	return i
}

// New returns a Tracker with zeros for every documented kind.
func New() *Tracker { return &Tracker{counts: newCounts()} }

// Counts returns the current counts.
func (t *Tracker) Counts() *Counts { return t.counts }

// Commit counts the events of a diff. It returns the durations of the captures that
// finished.
func (t *Tracker) Commit(d *Diff) (took []Duration) {
	groups := d.snapshot.Listed()
	if len(d.submitted)+len(d.finished) > 0 || t.counts.lacks(groups) {
		t.counts = t.counts.clone()
	}
	for _, group := range groups {
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

// replace replaces the listed captures by the captures of the diff, and evicts the
// captures that left.
func (t *Tracker) replace(d *Diff) {
	former := t.listed
	t.known = known{primed: true, listed: d.listed, evicted: t.evicted}
	if d.readmitted || d.kept < len(former) {
		t.evict(former)
	}
}

// evict adds the captures that left to the evicted ones, and keeps the last 1,000 of them.
func (t *Tracker) evict(former []entry) {
	listed := newIndex(t.listed)
	order := slices.DeleteFunc(slices.Concat(t.order, former), func(e entry) bool {
		_, ok := listed[e.hash()]
		return ok
	})
	t.order = slices.Clone(order[max(len(order)-maxEvicted, 0):])
	t.evicted = newIndex(t.order)
}
