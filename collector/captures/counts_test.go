package captures

import (
	"fmt"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
)

// The reasons of a group are 0 before its first failure, so that increase() sees it.
func TestFailuresStartAtZero(t *testing.T) {
	tracker := NewTracker()
	ams, ord := full, full
	ams.Colo, ord.Colo = "ams01", "ord02"
	record(tracker, parse("a:running:ams01 b:failed:ord02")...)
	before := tracker.Counts()
	for _, reason := range FailureReasons {
		for _, group := range []Group{ams, ord} {
			if n, ok := before.Failed[Labels{group, reason}]; !ok || n != 0 {
				t.Errorf("%v after the first list: %d, %v", group, n, ok)
			}
		}
	}
	record(tracker, parse("a:failed:ams01:bucket b:failed:ord02")...)
	record(tracker, parse("a:failed:ams01:maintenance b:failed:ord02")...)
	got := tracker.Counts().Failed
	if got[Labels{ams, bucketError}] != 1 || got[Labels{ams, other}] != 0 || got[Labels{ord, none}] != 0 {
		t.Errorf("failures %v", got)
	}
	if before.Failed[Labels{ams, bucketError}] != 0 || before.Finished[Labels{ams, "failed"}] != 0 {
		t.Error("counts changed after they were returned")
	}
}

// Over time there are more colos, and then more types, than can be counted separately.
func TestCountsAreBounded(t *testing.T) {
	tracker := NewTracker()
	record(tracker)
	for i := range 2 * maxGroups {
		record(tracker, &cfapi.Capture{ID: fmt.Sprint(i), Status: "failed", Colo: fmt.Sprint(i), System: full.System, Type: full.Type})
	}
	for i := range maxGroups {
		record(tracker, &cfapi.Capture{ID: fmt.Sprint("new", i), Status: "failed", Type: fmt.Sprint("type", i)})
	}
	c := tracker.Counts()
	checkFailed(t, c)
	if n := c.Submitted[Group{other, other, ""}]; len(c.Submitted) > maxGroups || c.Submitted[full] != 2*maxGroups || n < maxGroups-foldedGroups {
		t.Errorf("%d full captures, and %d of all other types in %d", c.Submitted[full], n, len(c.Submitted))
	}
}
