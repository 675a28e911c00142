package accounts

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	dto "github.com/prometheus/client_model/go"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/captures"
)

// Scrapes share a request and hang up while the API hangs. That ends the request and is
// no failure.
func TestSharedScrapes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		start := time.Now()
		var ended time.Duration // of the request, after start
		a := newOne(t, api, Options{
			OnRequest: func(cfapi.Request) { ended = time.Since(start) },
		})
		api.Inject(simulation.Fault{Hang: true, Times: 1})
		ctx, cancel := context.WithCancel(t.Context())
		var scrapes sync.WaitGroup
		for range 30 {
			scrapes.Go(func() {
				if s := a.Scrape(ctx); s.Up || s.Duration != time.Second {
					t.Errorf("up %v after %v", s.Up, s.Duration)
				}
			})
		}
		time.Sleep(time.Second)
		cancel()
		scrapes.Wait()
		synctest.Wait()
		checkRequests(t, api, 1)
		if ended != time.Second {
			t.Errorf("the shared request ended after %v", ended)
		}
		if s := a.Scrape(t.Context()); !s.Up || len(s.Errors) > 0 {
			t.Errorf("up %v, errors %v", s.Up, s.Errors)
		}
	})
}

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

func TestMaxStaleness(t *testing.T) {
	for staleness, stale := range map[time.Duration][]bool{
		0:           {false, false, false},
		time.Minute: {true, true, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			api := new(simulation.API)
			a := newOne(t, api, Options{MaxStaleness: staleness})
			api.Inject(simulation.Fault{Status: 404, Times: 1})
			if s := a.Scrape(t.Context()); s.Up || s.List != nil || !s.LastSuccess.IsZero() {
				t.Errorf("%v: got %+v before the first list", staleness, s)
			}
			good := a.Scrape(t.Context())
			api.Inject(simulation.Fault{Status: 404})
			for i, age := range []time.Duration{0, time.Minute - 1, time.Minute} {
				time.Sleep(age - time.Since(good.LastSuccess))
				s := a.Scrape(t.Context())
				if s.Up || (s.List == good.List) != stale[i] || (s.List == nil) == stale[i] || !s.LastSuccess.Equal(good.LastSuccess) {
					t.Errorf("%v: at %v, got %+v", staleness, age, s)
				}
			}
		})
	}
}

// The age of a list is wall time. After the machine slept, or its clock was set back, there is none to
// export.
func TestMaxStalenessAfterSleep(t *testing.T) {
	for age, want := range map[time.Duration]bool{0: true, 8 * time.Hour: false, -time.Second: false} {
		api := new(simulation.API)
		a := newOne(t, api, Options{MaxStaleness: time.Minute}) // not in a bubble, whose times have no monotonic clock
		list := a.Scrape(t.Context()).List
		if list.Fetched != list.Fetched.Round(0) { //nolint:staticcheck // it compares the monotonic clocks
			t.Error("the time has a monotonic clock")
		}
		list.Fetched = list.Fetched.Add(-age)
		api.Inject(simulation.Fault{Status: 404})
		if s := a.Scrape(t.Context()); s.Up || (s.List != nil) != want {
			t.Errorf("list of %v ago: up %v, list %v", age, s.Up, s.List != nil)
		}
	}
}

func TestIntervals(t *testing.T) {
	buckets := func(ctx context.Context, a *Account) bool { _, ok := a.Buckets(ctx); return ok }
	verify := func(ctx context.Context, a *Account) bool { _, ok := a.Credential.Token(ctx, a.ID); return ok }
	for name, test := range map[string]struct {
		request  func(context.Context, *Account) bool
		interval time.Duration
	}{
		"buckets": {buckets, 5 * time.Minute},
		"token":   {verify, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := &simulation.API{Verify: simulation.Verification{Account: accountID}}
				a := newOne(t, api, Options{})
				for i, pause := range []time.Duration{0, test.interval - 1, 1, test.interval} {
					time.Sleep(pause)
					if i == 3 {
						api.Inject(simulation.Fault{Status: 302})
					}
					if ok := test.request(t.Context(), a); ok != (i < 3) {
						t.Errorf("request %d: got %v", i, ok)
					}
					checkRequests(t, api, []int{1, 1, 2, 3}[i])
				}
			})
		})
	}
}

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
func checkDuration(t *testing.T, s Status, typ string, n uint64) {
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
		if s := a.Status(); !s.LastScrape.IsZero() || !s.LastSuccess.IsZero() || s.List != nil || s.Err != nil {
			t.Errorf("got %+v before the first scrape", s)
		}
		start := time.Now()
		minute := func(n time.Duration) time.Time { return start.Add(n * time.Minute) }
		for i, want := range []Health{
			{Reason: cfapi.ReasonRejected, Since: minute(1)},
			{Reason: cfapi.ReasonForbidden, Since: minute(1)},
			{LastSuccess: minute(3)},
			{Reason: cfapi.ReasonForbidden, Since: minute(4), LastSuccess: minute(3)},
		} {
			time.Sleep(time.Minute)
			api.Heal()
			api.Inject(simulation.Fault{Status: []int{404, 403, 200, 403}[i]})
			a.Scrape(t.Context())
			got := a.Status()
			if got.Reason != want.Reason || !got.Since.Equal(want.Since) || !got.LastSuccess.Equal(want.LastSuccess) || !got.LastScrape.Equal(time.Now()) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if got.LastSuccess.IsZero() != (got.List == nil) || (got.Reason == "") != (got.Hint == "") || (got.Reason == "") != (got.Err == nil) {
				t.Errorf("list %v of %v, hint %q for %q", got.List, got.LastSuccess, got.Hint, got.Reason)
			}
		}
	})
}
