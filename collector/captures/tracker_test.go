package captures

import (
	"fmt"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

func TestTracker(t *testing.T) {
	tracker := NewTracker()
	for _, step := range []struct {
		list string
		want counts
	}{
		{"a:complete b:running c:failed", counts{0, 0, 0}}, // a first list causes no events
		{"a:complete b:complete c:failed", counts{0, 1, 0}},
		{"d:pending a:complete b:complete", counts{1, 1, 0}},
		{"d:running d:failed :complete", counts{1, 1, 0}}, // the same id twice, and none
		{"d:conversion_running", counts{1, 1, 0}},
		{"", counts{1, 1, 0}},
		{"a:complete b:complete c:failed d:failed", counts{1, 1, 1}}, // readmitted
		{"d:running", counts{1, 1, 1}},
		{"d:failed", counts{1, 1, 1}}, // finished before
		{"e:complete", counts{2, 2, 1}},
		{"e:failed", counts{2, 2, 1}},
	} {
		record(tracker, parse(step.list)...)
		t.Log(step.list)
		checkCounts(t, tracker, step.want)
	}
}

// The duration is known if the capture was seen unfinished before.
func TestDurations(t *testing.T) {
	for name, test := range map[string]struct {
		before, id, status string
		submitted          time.Time
		want               time.Duration // -2 without an event
	}{
		"seen before":  {"a:running", "a", "complete", noon.Add(-time.Minute), time.Minute},
		"first seen":   {"", "a", "complete", noon.Add(-time.Minute), -1},
		"clock skew":   {"a:running", "a", "failed", noon.Add(time.Minute), 0},
		"unknown time": {"a:running", "a", "complete", time.Time{}, -1},
		"unfinished":   {"a:running", "a", "running", noon.Add(-time.Minute), -2},
		"finished":     {"a:complete", "a", "complete", noon.Add(-time.Minute), -2},
		"without id":   {"", "", "complete", noon.Add(-time.Minute), -2},
	} {
		t.Run(name, func(t *testing.T) {
			tracker := NewTracker()
			record(tracker, parse(test.before)...)
			finishes := record(tracker, &cfapi.Capture{ID: test.id, Type: "full", Status: test.status, Submitted: test.submitted})
			if len(finishes) > 1 || (len(finishes) == 0) != (test.want == -2) {
				t.Fatalf("got %v", finishes)
			}
			for _, f := range finishes {
				if f.ID != test.id || f.Type != "full" || f.Took != test.want {
					t.Errorf("got %s %s after %v, want %v", f.Type, f.ID, f.Took, test.want)
				}
			}
		})
	}
}

func TestEvictedAreBounded(t *testing.T) {
	tracker := NewTracker()
	list := func(from, to int) {
		words := ""
		for i := from; i < to; i++ {
			words += fmt.Sprint(i, ":complete ")
		}
		record(tracker, parse(words)...)
	}
	list(0, 1)
	list(1, maxEvicted)
	list(0, 0) // evicts as many as are kept; 0 is the oldest
	list(1, 11)
	list(0, 0) // these return and leave again, and are not kept twice
	list(0, 1)
	checkCounts(t, tracker, counts{maxEvicted - 1, maxEvicted - 1, 0})
	list(maxEvicted, maxEvicted+1)
	list(0, 0)  // evicts one too many
	list(0, 11) // these left later
	list(maxEvicted, maxEvicted+1)
	checkCounts(t, tracker, counts{maxEvicted, maxEvicted, 0})
	list(0, maxEvicted+1)
	checkCounts(t, tracker, counts{maxEvicted + 1, maxEvicted + 1, 0})
}
