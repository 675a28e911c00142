package accounts

import (
	"testing"
	"testing/synctest"
	"time"

	dto "github.com/prometheus/client_model/go"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/captures"
)

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		a := newOne(t, api, Options{})
		first := a.Scrape(t.Context())
		full := captures.Group{System: "magic-transit", Type: "full"}
		for _, step := range []struct {
			list                string // "" fails
			submitted, complete uint64 // full captures
			full, other         uint64 // captures of the type that were seen unfinished before
		}{
			{"a:running:full", 1, 0, 0, 0},
			{"", 1, 0, 0, 0},
			{"a:complete:full b:complete:full b:complete:full", 2, 2, 1, 0},
			{"a:complete:full c:running:other", 2, 2, 1, 0},
			{"a:complete:full c:complete:other", 2, 2, 1, 1},
			{"", 2, 2, 1, 1},
		} {
			if step.list == "" {
				api.Inject(simulation.Fault{Status: 404, Times: 1})
			}
			api.Account(accountID).Respond(list(step.list))
			s := a.Scrape(t.Context())
			submitted, complete := s.Events.Submitted[full], s.Events.Finished[captures.Labels{Group: full, Value: "complete"}]
			if submitted != step.submitted || complete != step.complete {
				t.Errorf("%s: %d captures were submitted and %d completed", step.list, submitted, complete)
			}
			checkDuration(t, s, "full", step.full)
			checkDuration(t, s, "other", step.other)
		}
		if first.Events.Submitted[full] != 0 || len(first.Errors) != 0 || first.Durations["other"] != nil {
			t.Errorf("the first scrape changed afterwards: %+v", first)
		}
	})
}

// checkDuration checks that each of n captures of a type took a minute.
func checkDuration(t *testing.T, s Scrape, typ string, n uint64) {
	t.Helper()
	var m dto.Metric
	if h := s.Durations[typ]; h != nil {
		if err := h.Write(&m); err != nil {
			t.Fatal(err)
		}
	}
	if h := m.GetHistogram(); h.GetSampleCount() != n || h.GetSampleSum() != 60*float64(n) {
		t.Errorf("%d %s captures took %v s", h.GetSampleCount(), typ, h.GetSampleSum())
	}
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		a := newOne(t, api, Options{})
		if s := a.Status(); s != (Status{}) {
			t.Errorf("got %+v before the first scrape", s)
		}
		start := time.Now()
		minute := func(n time.Duration) time.Time { return start.Add(n * time.Minute) }
		for i, want := range []Status{
			{LastScrape: minute(1), Failure: Failure{Reason: cfapi.ReasonRejected, Since: minute(1)}},
			{LastScrape: minute(2), Failure: Failure{Reason: cfapi.ReasonForbidden, Since: minute(1)}},
			{LastScrape: minute(3), LastSuccess: minute(3)},
			{LastScrape: minute(4), LastSuccess: minute(3), Failure: Failure{Reason: cfapi.ReasonForbidden, Since: minute(4)}},
		} {
			time.Sleep(time.Minute)
			api.Heal()
			api.Inject(simulation.Fault{Status: []int{404, 403, 200, 403}[i]})
			a.Scrape(t.Context())
			got := a.Status()
			if got.LastSuccess.IsZero() != (got.List == nil) || (got.Reason == "") != (got.Hint == "") || (got.Reason == "") != (got.Err == nil) {
				t.Errorf("list %v of %v, hint %q for %q", got.List, got.LastSuccess, got.Hint, got.Reason)
			}
			if got.List, got.Hint, got.Err = nil, "", nil; got != want {
				t.Errorf("got %+v, want %+v", got, want)
			}
		}
	})
}
