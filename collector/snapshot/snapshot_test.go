package snapshot

import (
	"fmt"
	"maps"
	"reflect"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
)

func TestNew(t *testing.T) {
	s := New(SeriesNone)
	for _, typ := range []string{"simple", "full"} {
		if s.Groups[Group{System: "magic-transit", Type: typ}] == nil {
			t.Errorf("%s is missing", typ)
		}
	}
}

func TestAdd(t *testing.T) {
	for name, test := range map[string]struct {
		capture cfapi.Capture
		group   Group
		status  string
		unknown map[string]int
	}{
		"documented": {
			cfapi.Capture{System: "magic-transit", Type: "full", Colo: "ord02", Status: "failed", ErrorMessage: "no bucket"},
			Group{"magic-transit", "full", "ord02"}, "failed", nil,
		},
		"undocumented": {
			cfapi.Capture{System: "magic-wan", Type: "partial", Status: "queued", ErrorMessage: "no bucket"},
			Group{"magic-wan", "partial", ""}, "queued", map[string]int{"system": 1, "type": 1, "status": 1},
		},
		"missing": {cfapi.Capture{}, Group{Unknown, Unknown, ""}, Unknown, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := New(SeriesNone)
			group, status := s.Add(&test.capture)
			if group != test.group || status != test.status {
				t.Errorf("got %v, %s", group, status)
			}
			if n := s.Groups[group].ByStatus[status].Captures; n != 1 {
				t.Errorf("%d captures are counted", n)
			}
			if n := s.Groups[group].Errors[bucketError]; (n == 1) != (test.capture.ErrorMessage != "") {
				t.Errorf("%d errors are counted", n)
			}
			want := map[string]int{"system": 0, "type": 0, "status": 0}
			maps.Copy(want, test.unknown)
			if !reflect.DeepEqual(s.Unrecognized, want) {
				t.Errorf("unrecognized: got %v, want %v", s.Unrecognized, want)
			}
		})
	}
}

// Each capture has a colo and a status of its own, and each 100 captures have a type.
func TestBounds(t *testing.T) {
	s := New(SeriesAll)
	for i := range 3000 {
		s.Add(&cfapi.Capture{
			ID: fmt.Sprint(i), System: "magic-transit",
			Type: fmt.Sprint("t", i/100), Colo: fmt.Sprint("c", i), Status: fmt.Sprint("s", i),
		})
	}
	known := Group{"magic-transit", "t4", "c450"}
	if group, _ := s.Add(&cfapi.Capture{System: known.System, Type: known.Type, Colo: known.Colo, Status: "s0"}); group != known {
		t.Errorf("a known group became %v", group)
	}
	captures, statuses := 0, make(map[string]bool)
	for _, totals := range s.Groups {
		for status, stats := range totals.ByStatus {
			statuses[status] = true
			captures += stats.Captures
		}
	}
	if captures != 3001 || len(statuses) != maxUndocumented+1 || len(s.Groups) != MaxGroups {
		t.Errorf("%d captures in %d statuses and %d groups", captures, len(statuses), len(s.Groups))
	}
	if n := len(s.Series.Captures); n >= 2*maxSeries {
		t.Errorf("%d single captures are in memory", n)
	}
	// 490 groups keep their colo, and nine more keep system and type.
	for group, want := range map[Group]bool{
		{"magic-transit", "t4", "c487"}:   true,
		{"magic-transit", "t4", "c488"}:   false,
		{"magic-transit", "t4", Other}:    true,
		{"magic-transit", "t12", Other}:   true,
		{"magic-transit", "t13", Other}:   false,
		{Other, Other, Other}:             true,
		{"magic-transit", "t12", "c1200"}: false,
	} {
		if got := s.Groups[group] != nil; got != want {
			t.Errorf("%v: got %v", group, got)
		}
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
		s := New(SeriesNone)
		test.list.Captures = make([]cfapi.Capture, test.distinct)
		s.Finish(&test.list)
		if s.LimitReached != test.want {
			t.Errorf("listed %d, total %d, %d distinct: got %v", test.list.Listed, test.list.Total, test.distinct, s.LimitReached)
		}
	}
}
