package events

import (
	"slices"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/snapshot"
)

func TestDurations(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		id, status string
		submitted  time.Time
		want       []Duration
	}{
		"finished":     {"a", "complete", now.Add(-time.Minute), []Duration{{"full", time.Minute}}},
		"clock skew":   {"a", "failed", now.Add(time.Minute), []Duration{{"full", 0}}},
		"unknown time": {"a", "complete", time.Time{}, nil},
		"unfinished":   {"a", "running", now.Add(-time.Minute), nil},
		"without id":   {"", "complete", now.Add(-time.Minute), nil},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := New()
			commit(tracker)
			d := tracker.Begin(now, snapshot.New(snapshot.SeriesNone))
			d.Add(&cfapi.Capture{ID: test.id, Submitted: test.submitted}, kindGroup, test.status)
			if got := tracker.Commit(d); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// A list that fails has a diff that is not committed. Another list may be committed in
// the meantime.
func TestDroppedDiff(t *testing.T) {
	tracker := New()
	commit(tracker, parse("a:running")...)
	before := tracker.Counts()
	dropped := tracker.Begin(time.Now(), snapshot.New(snapshot.SeriesNone))
	commit(tracker, parse("b:complete")...)
	for _, id := range []string{"a", "b", "c"} {
		dropped.Add(&cfapi.Capture{ID: id}, kindGroup, "complete")
	}
	if n := dropped.submitted[kind]; n != 2 {
		t.Errorf("%d captures are new, want 2: a was listed when the diff began", n)
	}
	checkCounts(t, tracker, counts{1, 1, 0})
	if before.Submitted[kind] != 0 || before.Finished[kind]["complete"] != 0 {
		t.Error("counts changed after they were returned")
	}
	commit(tracker, parse("a:complete b:complete c:failed")...)
	checkCounts(t, tracker, counts{2, 2, 1})
}
