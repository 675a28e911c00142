package captures

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
)

func TestNew(t *testing.T) {
	simple, full := Group{"magic-transit", "simple", ""}, Group{"magic-transit", "full", ""}
	for name, test := range map[string]struct {
		capture      *cfapi.Capture
		group        Group
		status       string
		errors       int
		unrecognized map[string]int
	}{
		"documented": {
			&cfapi.Capture{System: "magic-transit", Type: "full", Colo: "ord02", Status: "failed", ErrorMessage: "no bucket"},
			Group{"magic-transit", "full", "ord02"}, "failed", 1, nil,
		},
		"undocumented": {
			&cfapi.Capture{System: "magic-wan", Type: "partial", Status: "queued", ErrorMessage: "no bucket"},
			Group{"magic-wan", "partial", ""}, "queued", 1, map[string]int{"system": 1, "type": 1, "status": 1},
		},
		"unreadable times": {
			&cfapi.Capture{System: "magic-transit", Type: "full", Status: "failed", SubmittedUnreadable: true, StopRequestedUnreadable: true},
			full, "failed", 0, map[string]int{"submitted": 1, "stop_requested": 1},
		},
		"missing": {&cfapi.Capture{}, Group{unknown, unknown, ""}, unknown, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := collect(SeriesNone, test.capture)
			if s.Groups[simple] == nil || s.Groups[full] == nil || s.Groups[test.group] == nil {
				t.Fatalf("groups %v", slices.Collect(maps.Keys(s.Groups)))
			}
			totals := s.Groups[test.group]
			if stats := totals.ByStatus[test.status]; stats == nil || stats.Captures != 1 || totals.Errors[bucketError] != test.errors {
				t.Errorf("got %+v and the errors %v", stats, totals.Errors)
			}
			want := map[string]int{"system": 0, "type": 0, "status": 0, "submitted": 0, "stop_requested": 0}
			maps.Copy(want, test.unrecognized)
			if !maps.Equal(s.Unrecognized, want) {
				t.Errorf("unrecognized: got %v, want %v", s.Unrecognized, want)
			}
		})
	}
}

// Each capture has a colo and a status of its own.
func TestBounds(t *testing.T) {
	var list []*cfapi.Capture
	for i := range 3000 {
		list = append(list, &cfapi.Capture{ID: fmt.Sprint(i), Type: "full", Colo: fmt.Sprint("c", i), Status: fmt.Sprint("s", i)})
	}
	s := collect(SeriesAll, list...)
	captures, statuses := 0, make(map[string]bool)
	for _, totals := range s.Groups {
		for status, stats := range totals.ByStatus {
			statuses[status] = true
			captures += stats.Captures
		}
	}
	if captures != 3000 || len(statuses) != maxUndocumented+1 || len(s.Groups) != maxGroups-foldedGroups+1 {
		t.Errorf("%d captures in %d statuses and %d groups", captures, len(statuses), len(s.Groups))
	}
}

func TestLimitReached(t *testing.T) {
	for _, test := range []struct {
		list     cfapi.CaptureList
		distinct int
		want     bool
	}{
		{cfapi.CaptureList{Listed: 49, Pages: 1}, 49, false},
		{cfapi.CaptureList{Listed: 50, Pages: 1}, 50, true},
		{cfapi.CaptureList{Listed: 50, Pages: 1}, 25, true}, // duplicates take places in the list
		{cfapi.CaptureList{Listed: 60, Pages: 2}, 60, false},
		{cfapi.CaptureList{Listed: 60, Total: 60, Pages: 2}, 60, false},
		{cfapi.CaptureList{Listed: 60, Total: 60, Pages: 2}, 59, true},
		{cfapi.CaptureList{Listed: 20, Total: 21, Pages: 1}, 20, true},
	} {
		test.list.Captures = slices.Repeat([]*cfapi.Capture{{}}, test.distinct)
		s := New(&test.list, noon, SeriesNone)
		if s.LimitReached != test.want {
			t.Errorf("listed %d, total %d, %d distinct: got %v", test.list.Listed, test.list.Total, test.distinct, s.LimitReached)
		}
	}
}
