package captures

import (
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// A failure counts without a message, and a message without a failure.
func TestErrors(t *testing.T) {
	s := collect(SeriesNone, parse("a:failed b:complete::bucket c:complete d:failed::bucket")...)
	if got := s.Groups[full].Errors; got[none] != 1 || got[bucketError] != 2 || len(got) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestStats(t *testing.T) {
	number := func(n float64) cfapi.Number { return cfapi.Number{Value: n, Valid: true} }
	minute := func(n time.Duration) time.Time { return noon.Add(n * time.Minute) }
	const century = 100 * 365 * 24 * time.Hour
	for name, test := range map[string]struct {
		status        string
		captures      []*cfapi.Capture
		stopRequested int
		packets       cfapi.Number
		newest, first string // ids
		due           time.Time
	}{
		"nothing reported": {status: "running", captures: []*cfapi.Capture{{ID: "a"}}, newest: "a"},
		"packets": {
			status: "failed", captures: []*cfapi.Capture{{ID: "a", Packets: number(2)}, {}, {Packets: number(3)}},
			newest: "a", packets: number(5),
		},
		"no packets":     {status: "complete", captures: []*cfapi.Capture{{Packets: number(0)}}, packets: number(0)},
		"stop requested": {status: "running", captures: []*cfapi.Capture{{}, {StopRequested: noon}}, stopRequested: 1},
		"newest": {
			status:   "complete",
			captures: []*cfapi.Capture{{ID: "a", Submitted: minute(1), TimeLimit: number(60)}, {ID: "b", Submitted: minute(3)}, {ID: "c"}, {ID: "d", Submitted: minute(2)}},
			newest:   "b",
		},
		"earliest due": {
			status: "conversion_running",
			captures: []*cfapi.Capture{
				{ID: "a", Submitted: minute(0)},
				{ID: "b", Submitted: minute(1), TimeLimit: number(600)},
				{ID: "c", Submitted: minute(5), TimeLimit: number(90)},
				{ID: "d", Submitted: minute(6), TimeLimit: number(60)},
				{ID: "e", TimeLimit: number(1)},
			},
			newest: "d", first: "c", due: minute(5).Add(90 * time.Second),
		},
		"no overflow": {
			status: "pending", captures: []*cfapi.Capture{{ID: "a", Submitted: noon, TimeLimit: number(1e18)}},
			newest: "a", first: "a", due: noon.Add(century),
		},
		"unknown status": {status: "queued", captures: []*cfapi.Capture{{ID: "a", Submitted: noon, TimeLimit: number(60)}}, newest: "a"},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range test.captures {
				test.captures[i].Status = test.status
			}
			got := collect(SeriesNone, test.captures...).Groups[Group{unknown, unknown, ""}].ByStatus[test.status]
			if got.Captures != len(test.captures) || got.StopRequested != test.stopRequested || got.Packets != test.packets {
				t.Errorf("got %+v", got)
			}
			first := ""
			if got.FirstDue != nil {
				first = got.FirstDue.ID
			}
			if got.Newest.ID != test.newest || first != test.first || !got.EarliestDue().Equal(test.due) {
				t.Errorf("newest %q, first %q due %v", got.Newest.ID, first, got.EarliestDue())
			}
		})
	}
}
