package events

import (
	"hash/maphash"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/snapshot"
)

// A Diff collects what one list would change. A list that fails is dropped with its
// diff.
type Diff struct {
	before known
	now    time.Time

	next       int  // in before.listed, after the last id found there
	index      set  // of before.listed; nil until an id is out of order
	kept       int  // ids found in before.listed
	listed     []id // in the order of the list
	unfinished set  // of the listed ids
	submitted  map[Kind]uint64
	finished   map[finishKey][]time.Duration // since the submission; negative if unknown
	failed     map[failureKey]uint64
	groups     map[snapshot.Group]struct{} // of all captures
	last       snapshot.Group              // added to groups
	readmitted bool                        // an evicted capture is listed again
}

type finishKey struct {
	Kind
	status string
}

type failureKey struct {
	snapshot.Group
	reason string
}

// Begin returns an empty diff for a list requested now.
func (t *Tracker) Begin(now time.Time) *Diff {
	return &Diff{
		before:     t.known,
		now:        now,
		listed:     make([]id, 0, len(t.listed)),
		unfinished: make(set, len(t.unfinished)),
		submitted:  make(map[Kind]uint64),
		finished:   make(map[finishKey][]time.Duration),
		failed:     make(map[failureKey]uint64),
		groups:     make(map[snapshot.Group]struct{}),
	}
}

// Add adds a capture with its group and status as label values. Captures without an
// id cannot be tracked.
func (d *Diff) Add(c *cfapi.Capture, group snapshot.Group, status string) {
	if group != d.last {
		d.groups[group], d.last = struct{}{}, group
	}
	if c.ID == "" {
		return
	}
	id := id(maphash.String(seed, c.ID))
	known := d.wasListed(id)
	if known {
		d.kept++
	} else if d.before.evicted.has(id) {
		known, d.readmitted = true, true
	}
	unfinished := !known || d.before.unfinished.has(id)
	finishes := unfinished && slices.Contains(snapshot.FinishedStatuses, status)
	d.listed = append(d.listed, id)
	if unfinished && !finishes {
		d.unfinished.add(id)
	}
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

// wasListed reports whether the list before has an id. Lists rarely change their order, so
// it expects the next id of that list, and needs no index of 100,000 ids.
func (d *Diff) wasListed(id id) bool {
	if d.next < len(d.before.listed) && d.before.listed[d.next] == id {
		d.next++
		return true
	}
	if d.index == nil {
		d.index = setOf(d.before.listed)
	}
	return d.index.has(id)
}
