package accounts

import (
	"testing"
	"testing/synctest"
	"time"

	dto "github.com/prometheus/client_model/go"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestMinInterval(t *testing.T) {
	for interval, requests := range map[time.Duration][]int{
		0:           {1, 2, 3},
		time.Minute: {1, 1, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			api := new(simulation.API)
			a := newOne(t, api, Options{MinInterval: interval})
			start := time.Now()
			for i, age := range []time.Duration{0, time.Minute - 1, time.Minute} {
				time.Sleep(age - time.Since(start))
				s := a.Scrape(t.Context())
				checkRequests(t, api, requests[i])
				if isNew := i == 0 || requests[i] > requests[i-1]; !s.Up || s.List.Fetched.Equal(time.Now()) != isNew {
					t.Errorf("%v: at %v, up %v and list of %v", interval, age, s.Up, s.List.Fetched)
				}
			}
		})
	}
}

// The age of a list is wall time. After the machine slept, or its clock was set back, there is none to
// export.
func TestMaxStaleness(t *testing.T) {
	for age, want := range map[time.Duration]bool{0: true, 59 * time.Second: true, time.Minute: false, 8 * time.Hour: false, -time.Second: false} {
		for _, staleness := range []time.Duration{0, time.Minute} {
			api := new(simulation.API)
			a := newOne(t, api, Options{MaxStaleness: staleness}) // not in a bubble, whose times have no monotonic clock
			list := a.Scrape(t.Context()).List
			if list.Fetched != list.Fetched.Round(0) { //nolint:staticcheck // it compares the monotonic clocks
				t.Error("the time has a monotonic clock")
			}
			list.Fetched = list.Fetched.Add(-age)
			api.Inject(simulation.Fault{Status: 404})
			if s := a.Scrape(t.Context()); s.Up || (s.List != nil) != (want && staleness > 0) || s.LastSuccess.IsZero() {
				t.Errorf("list of %v ago, maximum %v: up %v, list %v", age, staleness, s.Up, s.List != nil)
			}
		}
	}
}

func TestIntervals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := &simulation.API{Verify: simulation.Verification{Account: accountID}}
		a := newOne(t, api, Options{})
		start := time.Now()
		for _, step := range []struct {
			at             time.Duration
			buckets, token int // requests
		}{
			{0, 1, 1},
			{5*time.Minute - 1, 1, 1},
			{5 * time.Minute, 2, 1},
			{time.Hour - 1, 3, 1},
			{time.Hour, 3, 2},
		} {
			time.Sleep(time.Until(start.Add(step.at)))
			a.Buckets(t.Context())
			a.Credential.Token(t.Context(), a.ID)
			checkRequests(t, api, step.buckets+step.token)
		}
	})
}

// A capture that was seen unfinished before is observed in the histogram of its type. A scrape before
// that does not change.
func TestDurations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		a := newOne(t, api, Options{})
		api.Account(accountID).Respond(list("a:running:other"))
		first := a.Scrape(t.Context())
		api.Account(accountID).Respond(list("a:complete:other b:complete:other"))
		var m dto.Metric
		if err := a.Scrape(t.Context()).Durations["other"].Write(&m); err != nil {
			t.Fatal(err)
		}
		if h := m.GetHistogram(); h.GetSampleCount() != 1 || h.GetSampleSum() != 60 {
			t.Errorf("%d captures took %v s", h.GetSampleCount(), h.GetSampleSum())
		}
		if first.Durations["other"] != nil || first.Durations["full"] == nil {
			t.Errorf("got %v before", first.Durations)
		}
	})
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		a := newOne(t, api, Options{})
		start := time.Now()
		minute := func(n time.Duration) time.Time { return start.Add(n * time.Minute) }
		for i, want := range []Health{
			{Reason: cfapi.ReasonRejected, Since: minute(0)},
			{Reason: cfapi.ReasonForbidden, Since: minute(0)},
			{LastSuccess: minute(2)},
			{Reason: cfapi.ReasonForbidden, Since: minute(3), LastSuccess: minute(2)},
		} {
			time.Sleep(time.Until(minute(time.Duration(i))))
			before := a.Status()
			api.Heal()
			api.Inject(simulation.Fault{Status: []int{404, 403, 200, 403}[i]})
			if s := a.Scrape(t.Context()); s.Up != (want.Reason == "") || s.Up != (s.List != nil) {
				t.Errorf("up %v, list %v", s.Up, s.List)
			}
			got := a.Status()
			if got.Reason != want.Reason || !got.Since.Equal(want.Since) || !got.LastSuccess.Equal(want.LastSuccess) || !got.LastScrape.Equal(time.Now()) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if got.LastSuccess.IsZero() != (got.List == nil) || (got.Reason == "") != (got.Hint == "") || (got.Reason == "") != (got.Err == nil) {
				t.Errorf("list %v of %v, hint %q for %q", got.List, got.LastSuccess, got.Hint, got.Reason)
			}
			if want.Reason != "" && got.Errors[want.Reason] != before.Errors[want.Reason]+1 {
				t.Errorf("errors %v after %v", got.Errors, before.Errors)
			}
		}
	})
}
