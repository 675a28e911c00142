package events

import (
	"fmt"
	"testing"

	"cloudflare_pcap_exporter/collector/snapshot"
)

func TestNewCounts(t *testing.T) {
	c := New().Counts()
	for _, typ := range snapshot.Types {
		kind := Kind{"magic-transit", typ}
		if _, ok := c.Submitted[kind]; !ok || len(c.Finished[kind]) != len(snapshot.FinishedStatuses) {
			t.Errorf("%s: zeros are missing", typ)
		}
	}
}

// The reasons of a group are 0 before its first failure, so that increase() sees it.
func TestFailuresStartAtZero(t *testing.T) {
	tracker := New()
	commit(tracker, capture{id: "a", status: "running", colo: "ams01"}, capture{id: "b", status: "failed", colo: "ord02"})
	for _, colo := range []string{"ams01", "ord02"} {
		reasons := tracker.Counts().Failed[snapshot.Group{System: kind.System, Type: kind.Type, Colo: colo}]
		if len(reasons) != 4 || reasons["none"]+reasons["bucket"]+reasons["other"]+reasons["no_packets_matched"] != 0 {
			t.Errorf("%s after the first list: %v", colo, reasons)
		}
	}
	before := tracker.Counts()
	commit(tracker, capture{id: "a", status: "failed", colo: "ams01", message: "bucket"}, capture{id: "b", status: "failed", colo: "ord02"})
	commit(tracker, capture{id: "a", status: "failed", colo: "ams01", message: "another message"})
	ams := snapshot.Group{System: kind.System, Type: kind.Type, Colo: "ams01"}
	if got := tracker.Counts().Failed[ams]; got["bucket"] != 1 || got["other"] != 0 || before.Failed[ams]["bucket"] != 0 {
		t.Errorf("failures %v, before %v", got, before.Failed[ams])
	}
	checkFailed(t, tracker.Counts())
}

// Over time there are more colos than can be counted separately.
func TestFailedGroupsAreBounded(t *testing.T) {
	tracker := New()
	commit(tracker)
	for i := range 3 * snapshot.MaxGroups {
		commit(tracker, capture{id: fmt.Sprint(i), status: "failed", colo: fmt.Sprint(i), typ: fmt.Sprint("type", i%20)})
	}
	checkFailed(t, tracker.Counts())
	if n := len(tracker.Counts().Failed); n != snapshot.MaxGroups-3 { // two documented kinds and the kind of all others have no failures
		t.Errorf("%d groups", n)
	}
}

// Over time there are more types than can be counted separately.
func TestKindsAreBounded(t *testing.T) {
	tracker := New()
	commit(tracker)
	for round := range 20 {
		var list []capture
		for i := range snapshot.MaxGroups / 10 {
			word := fmt.Sprint(round, ".", i)
			list = append(list, capture{id: word, typ: word, status: "complete"})
		}
		commit(tracker, list...)
	}
	c := tracker.Counts()
	submitted, finished := uint64(0), uint64(0)
	for kind, n := range c.Submitted {
		submitted += n
		finished += c.Finished[kind]["complete"]
	}
	if submitted != 2*snapshot.MaxGroups || finished != submitted {
		t.Errorf("%d captures were submitted and %d finished", submitted, finished)
	}
	if len(c.Submitted) > snapshot.MaxGroups || c.Submitted[Kind{snapshot.Other, snapshot.Other}] == 0 {
		t.Errorf("%d kinds, of which other has %d captures", len(c.Submitted), c.Submitted[Kind{snapshot.Other, snapshot.Other}])
	}
	checkFailed(t, c)
}

// New types are counted together if there are too many colos already.
func TestGroupsOfNewKindsAreBounded(t *testing.T) {
	tracker := New()
	commit(tracker)
	for i := range snapshot.MaxGroups {
		commit(tracker, capture{id: fmt.Sprint(i), status: "failed", colo: fmt.Sprint(i)})
	}
	for i := range snapshot.MaxGroups {
		commit(tracker, capture{id: fmt.Sprint("new", i), status: "failed", colo: "ams01", typ: fmt.Sprint("type", i)})
	}
	checkFailed(t, tracker.Counts())
}
