package events

import (
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/snapshot"
)

// A Diff collects the events of one list. If the list fails, its diff is not committed.
type Diff struct {
	before   known
	now      time.Time
	snapshot *snapshot.Snapshot // of the same list

	next       int     // in before.listed, after the last capture found there
	index      index   // of before.listed; nil until a capture is out of order
	kept       int     // captures found in before.listed
	listed     []entry // in the order of the list
	submitted  map[Kind]uint64
	finished   map[finishKey][]time.Duration // since the submission; negative if unknown
	failed     map[failureKey]uint64
	readmitted bool // an evicted capture is listed again
}

type finishKey struct {
	Kind
	status string
}

type failureKey struct {
	snapshot.Group
	reason string
}

// Begin returns an empty diff for a list that is requested now and added up in s.
func (t *Tracker) Begin(now time.Time, s *snapshot.Snapshot) *Diff {
	return &Diff{
		before:    t.known,
		now:       now,
		snapshot:  s,
		listed:    make([]entry, 0, len(t.listed)),
		submitted: make(map[Kind]uint64),
		finished:  make(map[finishKey][]time.Duration),
		failed:    make(map[failureKey]uint64),
	}
}

// Add adds a capture with its group and status as label values. Captures without an
// id cannot be tracked.
func (d *Diff) Add(c *cfapi.Capture, group snapshot.Group, status string) {
	if c.ID == "" {
		return
	}
	e := newEntry(c.ID)
	finished, known := d.find(e)
	finishes := !finished && slices.Contains(snapshot.FinishedStatuses, status)
	if finished || finishes {
		e |= finishedBit
	}
	d.listed = append(d.listed, e)
	if !d.before.primed {
		return
	}
	kind := Kind{group.System, group.Type}
	if !known {
		d.submitted[kind]++
	}
	if finishes {
		took := time.Duration(-1)
		if !c.Submitted.IsZero() {
			took = max(d.now.Sub(c.Submitted), 0)
		}
		key := finishKey{kind, status}
		d.finished[key] = append(d.finished[key], took)
		if status == "failed" {
			d.failed[failureKey{group, snapshot.ReasonOf(c.ErrorMessage)}]++
		}
	}
}

// find reports whether the capture with a hash is known and has finished. Lists rarely
// change their order. So find first compares with the next capture of the previous list,
// which needs no index.
func (d *Diff) find(hash entry) (finished, known bool) {
	if d.next < len(d.before.listed) && d.before.listed[d.next].hash() == hash {
		d.next++
		d.kept++
		return d.before.listed[d.next-1].finished(), true
	}
	if d.index == nil {
		d.index = newIndex(d.before.listed)
	}
	if finished, known = d.index[hash]; known {
		d.kept++
		return finished, true
	}
	finished, known = d.before.evicted[hash]
	d.readmitted = d.readmitted || known
	return finished, known
}
