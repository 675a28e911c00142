package events

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/snapshot"
)

var (
	kind      = Kind{"magic-transit", "full"}
	kindGroup = snapshot.Group{System: kind.System, Type: kind.Type}
)

type capture struct {
	id, status    string
	typ           string // "" is the type of kind
	colo, message string
}

// parse parses a list written as "id:status" words.
func parse(list string) (captures []capture) {
	for word := range strings.FieldsSeq(list) {
		id, status, _ := strings.Cut(word, ":")
		captures = append(captures, capture{id: id, status: status})
	}
	return captures
}

func commit(t *Tracker, list ...capture) {
	t.Commit(begin(t, list...))
}

func begin(t *Tracker, list ...capture) *Diff {
	s := snapshot.New(snapshot.SeriesNone)
	d := t.Begin(time.Now(), s)
	for _, c := range list {
		listed := cfapi.Capture{ID: c.id, System: kind.System, Type: cmp.Or(c.typ, kind.Type), Colo: c.colo, Status: c.status, ErrorMessage: c.message}
		group, status := s.Add(&listed)
		d.Add(&listed, group, status)
	}
	return d
}

// counts are the events of captures of one kind.
type counts struct{ submitted, complete, failed uint64 }

func checkCounts(t *testing.T, tracker *Tracker, want counts) {
	t.Helper()
	c := tracker.Counts()
	got := counts{c.Submitted[kind], c.Finished[kind]["complete"], c.Finished[kind]["failed"]}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	checkFailed(t, c)
}

// checkFailed checks that failures by colo and reason add up to the failures of each kind.
func checkFailed(t *testing.T, c *Counts) {
	t.Helper()
	sums := make(map[Kind]uint64)
	for group, reasons := range c.Failed {
		if len(reasons) != len(failureReasons) {
			t.Errorf("%v has %d reasons", group, len(reasons))
		}
		for _, n := range reasons {
			sums[Kind{group.System, group.Type}] += n
		}
	}
	for kind, statuses := range c.Finished {
		if sums[kind] != statuses["failed"] {
			t.Errorf("%v: %d failures by reason, %d in total", kind, sums[kind], statuses["failed"])
		}
	}
	if len(c.Failed) > snapshot.MaxGroups {
		t.Errorf("%d groups", len(c.Failed))
	}
}
