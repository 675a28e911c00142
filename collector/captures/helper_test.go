package captures

import (
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

var (
	noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	full = Group{System: "magic-transit", Type: "full"}
)

// collect returns the snapshot of a list on one page.
func collect(mode SeriesMode, captures ...*cfapi.Capture) *Snapshot {
	return New(&cfapi.CaptureList{Captures: captures, Listed: len(captures), Pages: 1}, noon, mode)
}

// parse parses a list of full captures, written as "id:status:colo:message" words.
func parse(list string) (captures []*cfapi.Capture) {
	for word := range strings.FieldsSeq(list) {
		fields := strings.Split(word+":::", ":")
		captures = append(captures, &cfapi.Capture{
			ID: fields[0], Status: fields[1], Colo: fields[2], ErrorMessage: fields[3], System: full.System, Type: full.Type,
		})
	}
	return captures
}

func record(t *Tracker, captures ...*cfapi.Capture) []Finish {
	return t.Record(collect(SeriesNone, captures...))
}

// counts are the events of full captures.
type counts struct{ submitted, complete, failed uint64 }

func checkCounts(t *testing.T, tracker *Tracker, want counts) {
	t.Helper()
	c := tracker.Counts()
	got := counts{c.Submitted[full], finished(c, "complete"), finished(c, "failed")}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	checkFailed(t, c)
}

// finished returns the full captures that ended with a status, at all colos.
func finished(c *Counts, status string) (sum uint64) {
	for labels, n := range c.Finished {
		if kind(labels.Group) == full && labels.Value == status {
			sum += n
		}
	}
	return sum
}

// checkFailed checks that failures by reason add up to the failures of each group.
func checkFailed(t *testing.T, c *Counts) {
	t.Helper()
	sums, groups := make(map[Labels]uint64), make(map[Group]int)
	for labels, n := range c.Failed {
		groups[labels.Group]++
		sums[Labels{labels.Group, "failed"}] += n
	}
	for labels, n := range c.Finished {
		if labels.Value == "failed" && sums[labels] != n {
			t.Errorf("%v: %d failures by reason, %d in total", labels, sums[labels], n)
		}
	}
	for group, n := range groups {
		if n != len(FailureReasons) {
			t.Errorf("%v has %d reasons", group, n)
		}
	}
	if len(groups) > maxGroups {
		t.Errorf("%d groups", len(groups))
	}
}
