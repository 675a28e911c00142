package accounts

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
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
