package events

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestTracker(t *testing.T) {
	tracker := New()
	for _, step := range []struct {
		list string
		want counts
	}{
		{"a:complete b:running c:failed", counts{0, 0, 0}}, // a first list causes no events
		{"a:complete b:complete c:failed", counts{0, 1, 0}},
		{"d:pending a:complete b:complete", counts{1, 1, 0}},
		{"d:running :complete", counts{1, 1, 0}}, // without an id
		{"d:conversion_running", counts{1, 1, 0}},
		{"", counts{1, 1, 0}},
		{"a:complete b:complete c:failed d:failed", counts{1, 1, 1}}, // readmitted
		{"d:running", counts{1, 1, 1}},
		{"d:failed", counts{1, 1, 1}}, // finished before
		{"e:complete", counts{2, 2, 1}},
		{"e:failed", counts{2, 2, 1}},
	} {
		commit(tracker, parse(step.list)...)
		t.Log(step.list)
		checkCounts(t, tracker, step.want)
	}
}

func TestEvictedAreBounded(t *testing.T) {
	tracker := New()
	list := func(from, to int) {
		var captures []capture
		for i := from; i < to; i++ {
			captures = append(captures, capture{id: fmt.Sprint(i), status: "complete"})
		}
		commit(tracker, captures...)
	}
	list(0, 1)
	list(1, maxEvicted)
	list(0, 0) // evicts as many as are kept; 0 is the oldest
	list(1, 11)
	list(0, 0) // these return and leave again, and are not kept twice
	list(0, 1)
	checkCounts(t, tracker, counts{maxEvicted - 1, maxEvicted - 1, 0})
	list(maxEvicted, maxEvicted+1)
	list(0, 0) // evicts one too many
	list(0, maxEvicted+1)
	checkCounts(t, tracker, counts{maxEvicted + 1, maxEvicted + 1, 0})
}

// A model counts the events of random captures by itself.
func TestTrackerModel(t *testing.T) {
	for seed := range uint64(3) {
		m := model{Rand: rand.New(rand.NewPCG(seed, 0)), tracker: New(), failed: make(map[string]uint64)} //nolint:gosec // repeatable
		for range 300 {
			m.list()
			checkCounts(t, m.tracker, m.want)
			m.checkFailed(t)
		}
		if !m.full {
			t.Error("no captures were forgotten")
		}
		if t.Failed() {
			t.Fatal("with seed", seed)
		}
	}
}

type model struct {
	*rand.Rand
	tracker *Tracker
	want    counts
	failed  map[string]uint64 // by colo and reason

	primed    bool // a list was committed
	full      bool // captures were forgotten
	created   int
	listed    []*record
	evicted   [][]*record // captures that left, for each list; oldest first
	forgotten []*record   // or never listed
}

// record is what a tracker should remember of a capture.
type record struct {
	id              string
	known, finished bool
}

// list lists captures. A quarter of the lists fail.
func (m *model) list() {
	records := m.window()
	statuses := []string{"pending", "running", "running", "complete", "failed"}
	messages := []string{"", "No packets matched the filter", "upload failed", "maintenance"}
	var captures []capture
	for _, r := range records {
		captures = append(captures, capture{
			id: r.id, status: statuses[m.IntN(len(statuses))], colo: fmt.Sprint(m.IntN(3)), message: messages[m.IntN(len(messages))],
		})
	}
	diff := begin(m.tracker, captures...)
	if m.IntN(4) == 0 {
		return
	}
	m.tracker.Commit(diff)
	for i, r := range records {
		m.count(r, captures[i])
	}
	m.replace(records)
}

// window returns most of the captures of the last list, new ones, and some that left.
func (m *model) window() (records []*record) {
	for _, r := range m.listed {
		if m.IntN(4) > 0 {
			records = append(records, r)
		}
	}
	for range m.IntN(20) {
		m.created++
		m.forgotten = append(m.forgotten, &record{id: fmt.Sprint(m.created)})
		records = append(records, m.forgotten[len(m.forgotten)-1])
	}
	for _, left := range append(slices.Clone(m.evicted), m.forgotten) {
		if len(left) > 0 && m.IntN(10) == 0 {
			if r := left[m.IntN(len(left))]; !slices.Contains(records, r) {
				records = append(records, r)
			}
		}
	}
	return records
}

func (m *model) count(r *record, c capture) {
	finishes := !r.finished && (c.status == "complete" || c.status == "failed")
	switch {
	case !m.primed:
	case finishes && c.status == "complete":
		m.want.complete++
	case finishes:
		m.want.failed++
		m.failed[c.colo+" "+map[string]string{"": "none", "N": "no_packets_matched", "u": "bucket", "m": "other"}[c.message[:min(1, len(c.message))]]]++
	}
	if m.primed && !r.known {
		m.want.submitted++
	}
	r.known, r.finished = true, r.finished || finishes
}

func (m *model) checkFailed(t *testing.T) {
	t.Helper()
	for group, reasons := range m.tracker.Counts().Failed {
		for reason, n := range reasons {
			if want := m.failed[group.Colo+" "+reason]; n != want {
				t.Errorf("%d failures at %s with reason %s, want %d", n, group.Colo, reason, want)
			}
		}
	}
}

func (m *model) replace(records []*record) {
	isListed := func(r *record) bool { return slices.Contains(records, r) }
	for i := range m.evicted {
		m.evicted[i] = slices.DeleteFunc(m.evicted[i], isListed)
	}
	m.forgotten = slices.DeleteFunc(m.forgotten, isListed)
	m.evicted = append(m.evicted, slices.DeleteFunc(m.listed, isListed))
	m.listed, m.primed = records, true
	n := 0
	for i, left := range slices.Backward(m.evicted) {
		if n += len(left); n <= maxEvicted {
			continue
		}
		// It is not specified which captures of this list are forgotten, so none of them returns.
		for _, r := range slices.Concat(m.evicted[:i]...) {
			*r = record{id: r.id}
			m.forgotten = append(m.forgotten, r)
		}
		m.evicted, m.full = m.evicted[i+1:], true
		return
	}
}
