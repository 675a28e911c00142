package captures

import (
	"fmt"
	"math/rand/v2"
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

// A model counts the events of random lists by itself.
func TestTrackerModel(t *testing.T) {
	messages := []string{"", "No packets matched the filter", "upload failed", "maintenance"}
	for seed := range uint64(5) {
		r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable
		pick := func(of ...string) string { return of[r.IntN(len(of))] }
		tracker, want, failed := NewTracker(), counts{}, make(map[Labels]uint64)
		finished := make(map[string]bool) // by id
		for round := range 50 {
			var list []*cfapi.Capture
			for id := range round*10 + 10 { // new ids, and some of the former ones
				if r.IntN(10*round+10) > 20 {
					continue
				}
				c := &cfapi.Capture{ID: fmt.Sprint(id), System: full.System, Type: full.Type, Colo: pick("a", "b", "c"),
					Status: pick("pending", "running", "running", "complete", "failed"), ErrorMessage: pick(messages...)}
				list = append(list, c)
				was, known := finished[c.ID]
				finished[c.ID] = was || c.Status == "complete" || c.Status == "failed"
				switch {
				case round == 0 || was:
				case c.Status == "complete":
					want.complete++
				case c.Status == "failed":
					want.failed++
					failed[Labels{Group{c.System, c.Type, c.Colo}, FailureReason(c.ErrorMessage)}]++
				}
				if round > 0 && !known {
					want.submitted++
				}
			}
			record(tracker, list...)
			checkCounts(t, tracker, want)
			for labels, n := range tracker.Counts().Failed {
				if n != failed[labels] {
					t.Fatalf("seed %d: %d failures at %v, want %d", seed, n, labels, failed[labels])
				}
			}
		}
	}
}
