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
	if len(c.Submitted) != snapshot.MaxGroups || c.Submitted[Kind{snapshot.Other, snapshot.Other}] == 0 {
		t.Errorf("%d kinds, of which other has %d captures", len(c.Submitted), c.Submitted[Kind{snapshot.Other, snapshot.Other}])
	}
}
