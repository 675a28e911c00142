package snapshot

import (
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

func TestStats(t *testing.T) {
	number := func(n float64) cfapi.Number { return cfapi.Number{Value: n, Valid: true} }
	minute := func(n time.Duration) time.Time { return noon.Add(n * time.Minute) }
	const century = 100 * 365 * 24 * time.Hour
	for name, test := range map[string]struct {
		status   string
		captures []cfapi.Capture
		want     Stats
	}{
		"nothing reported": {"running", []cfapi.Capture{{}}, Stats{Captures: 1}},
		"packets": {
			"failed", []cfapi.Capture{{Packets: number(2)}, {}, {Packets: number(3)}},
			Stats{Captures: 3, Packets: number(5), Newest: Example{Packets: number(2)}},
		},
		"no packets":     {"complete", []cfapi.Capture{{Packets: number(0)}}, Stats{Captures: 1, Packets: number(0), Newest: Example{Packets: number(0)}}},
		"stop requested": {"running", []cfapi.Capture{{}, {StopRequested: noon}}, Stats{Captures: 2, StopRequested: 1}},
		"newest": {
			"complete",
			[]cfapi.Capture{{ID: "a", Submitted: minute(1), TimeLimit: number(60)}, {ID: "b", Submitted: minute(3)}, {ID: "c"}, {ID: "d", Submitted: minute(2)}},
			Stats{Captures: 4, Newest: Example{ID: "b", Submitted: minute(3)}},
		},
		"earliest due": {
			"conversion_running",
			[]cfapi.Capture{
				{Submitted: minute(0)},
				{Submitted: minute(1), TimeLimit: number(600)},
				{ID: "b", Submitted: minute(5), TimeLimit: number(90), ByteLimit: number(7)},
				{Submitted: minute(6), TimeLimit: number(60)},
				{TimeLimit: number(1)},
			},
			Stats{
				Captures: 5, Newest: Example{Submitted: minute(6)}, EarliestDue: minute(5).Add(90 * time.Second),
				FirstDue: Example{ID: "b", Submitted: minute(5), ByteLimit: number(7)},
			},
		},
		"no overflow": {
			"pending", []cfapi.Capture{{Submitted: noon, TimeLimit: number(1e18)}},
			Stats{Captures: 1, Newest: Example{Submitted: noon}, EarliestDue: noon.Add(century), FirstDue: Example{Submitted: noon}},
		},
		"unknown status": {
			"queued", []cfapi.Capture{{Submitted: noon, TimeLimit: number(60)}}, Stats{Captures: 1, Newest: Example{Submitted: noon}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range test.captures {
				test.captures[i].Status = test.status
			}
			s := collect(SeriesNone, test.captures...)
			if got := *s.Groups[Group{Unknown, Unknown, ""}].ByStatus[test.status]; got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}
