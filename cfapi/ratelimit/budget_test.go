package ratelimit

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

// A load lists accounts of the simulated API once a minute, for an hour, within a limit of 1,000.
type load struct {
	accounts int
	spread   time.Duration // between the first and the last account of a minute
	rotate   bool          // each minute starts with another account
	buckets  bool          // with a low-priority request for each account, every 5 minutes

	limiter Limiter
	api     simulation.API
	sent    int
	refused int           // 429s
	longest time.Duration // without a list of an account
}

func (s *load) run() {
	s.limiter.Limit = 1000
	listed, checked := make([]time.Time, s.accounts), make([]time.Time, s.accounts)
	start := time.Now()
	for i := range listed {
		listed[i] = start
	}
	for minute := range 60 {
		begin := start.Add(time.Duration(minute) * time.Minute)
		for k := range s.accounts {
			time.Sleep(time.Until(begin.Add(s.spread * time.Duration(k) / time.Duration(s.accounts))))
			i := k
			if s.rotate {
				i = (minute + k) % s.accounts
			}
			if s.request(Request{Account: fmt.Sprint(i)}) {
				listed[i] = time.Now()
			}
			if s.buckets && time.Since(checked[i]) >= 5*time.Minute && s.request(Request{LowPriority: true}) {
				checked[i] = time.Now()
			}
			s.longest = max(s.longest, time.Since(listed[i]))
		}
	}
}

// request reports whether a request was sent.
func (s *load) request(r Request) bool {
	done, err := s.limiter.Reserve(r)
	if err != nil {
		return false
	}
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/accounts", http.NoBody))
	s.sent++
	if w.Code == http.StatusTooManyRequests {
		s.refused++
	}
	done(Outcome{Sent: true, Header: w.Header(), TooMany: w.Code == http.StatusTooManyRequests, Accepted: w.Code == http.StatusOK})
	return true
}

// Each account is listed at least every twice the longer of its fair interval and its scrape
// interval, and the API never has to refuse a request.
func TestFairness(t *testing.T) {
	for accounts, longest := range map[int]time.Duration{300: 3 * time.Minute, 1100: 11 * time.Minute, 3000: 17 * time.Minute} {
		loads := map[string]*load{
			"metrics":           {spread: 5 * time.Second, buckets: true},
			"metrics, rotating": {spread: 5 * time.Second, rotate: true},
			"probe":             {spread: 50 * time.Second},
			"probe, rotating":   {spread: 50 * time.Second, rotate: true, buckets: true},
		}
		if accounts == 3000 {
			loads = map[string]*load{"probe": {spread: 50 * time.Second}} // the others take long
		}
		for name, s := range loads {
			t.Run(fmt.Sprint(accounts, " ", name), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s.accounts = accounts
					s.run()
					if s.longest > longest || s.sent < 10_000 || s.refused > 0 {
						t.Errorf("%v without a list, want %v; %d requests, %d refused by the API", s.longest, longest, s.sent, s.refused)
					}
				})
			})
		}
	}
}

// request requests the accounts, one letter each, and returns the accounts for which a request
// was sent.
func request(l *Limiter, accounts string) (sentFor string) {
	for _, c := range accounts {
		done, err := l.Reserve(Request{Account: string(c)})
		if err == nil {
			sentFor += string(c)
			done(sent)
		}
	}
	return sentFor
}

func TestOrderOfAccounts(t *testing.T) {
	type step struct {
		wait           time.Duration
		accounts, want string
	}
	for name, test := range map[string]struct {
		limit int
		steps []step
	}{
		"no limit":         {0, []step{{0, "abcdeaaaaabc", "abcdeaaaaabc"}}},
		"plenty":           {20, []step{{0, "abcdeaaaaabc", "abcdeaaaaabc"}}},
		"the oldest two":   {7, []step{{1, "a", "a"}, {1, "b", "b"}, {1, "c", "c"}, {1, "d", "d"}, {1, "e", "e"}, {1, "edcba", "ba"}}},
		"a new one first":  {4, []step{{1, "a", "a"}, {1, "b", "b"}, {1, "c", "c"}, {1, "bd", "d"}}},
		"a new list":       {3, []step{{1, "a", "a"}, {1, "b", "b"}, {4 * time.Minute, "ba", "a"}, {time.Minute - 3, "b", ""}, {3, "b", "b"}}},
		"no longer wanted": {4, []step{{1, "a", "a"}, {1, "bb", "bb"}, {1, "b", ""}, {10 * time.Minute, "bbbb", "bbbb"}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &Limiter{Limit: test.limit}
				for i, step := range test.steps {
					time.Sleep(step.wait)
					if got := request(l, step.accounts); got != step.want {
						t.Errorf("step %d: %q of %q were sent, want %q", i, got, step.accounts, step.want)
					}
				}
			})
		})
	}
}

// Further pages and retries belong to a list that has begun.
func TestContinuation(t *testing.T) {
	l := &Limiter{Limit: 3}
	request(l, "ab")
	reserve(t, l, Request{Account: "b", Continuation: true})(sent)
}

func TestAccountsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		for i := range 10_000 {
			reserve(t, l, Request{Account: fmt.Sprint(i)})(sent)
			time.Sleep(time.Second)
			if n := len(l.budgets[0].accounts); n > 901 {
				t.Fatalf("%d accounts after %d seconds", n, i)
			}
		}
	})
}

// Low-priority requests leave 4% of the limit, and a request for each account that was not listed
// within 5 minutes, whose requests of then have left the window.
func TestLowPriority(t *testing.T) {
	const want = 100 - 4 - 10
	for _, wait := range []time.Duration{0, apiWindow + 2*tick} {
		synctest.Test(t, func(t *testing.T) {
			l, n := &Limiter{Limit: 100}, 0
			request(l, "abcdefghij")
			time.Sleep(wait)
			for lowPriority(l) {
				n++
			}
			if n != want {
				t.Errorf("after %v, %d low-priority requests were sent, want %d", wait, n, want)
			}
		})
	}
}

// lowPriority reports whether a low-priority request was sent.
func lowPriority(l *Limiter) bool {
	done, err := l.Reserve(Request{LowPriority: true})
	if err == nil {
		done(sent)
	}
	return err == nil
}

// refuse sends a request which the API refuses, and reports whether it was sent.
func refuse(l *Limiter, account string) bool {
	done, err := l.Reserve(Request{Account: account})
	if err == nil {
		done(Outcome{Sent: true, Header: http.Header{}, Refused: true})
	}
	return err == nil
}

func accept(t *testing.T, l *Limiter, account string) {
	t.Helper()
	reserve(t, l, Request{Account: account})(Outcome{Sent: true, Header: http.Header{}, Accepted: true})
}

// From the third refusal in a row on, requests pause, from 1 to 10 minutes.
func TestRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		start := time.Now()
		var at []time.Duration
		for time.Since(start) < time.Hour {
			if refuse(l, "a") {
				at = append(at, time.Since(start))
			} else if _, err := l.Reserve(Request{Account: "b"}); !heldUntil(err).Equal(l.Status("").HoldOffUntil) {
				t.Errorf("held off until %v, but the status is %v", heldUntil(err), l.Status("").HoldOffUntil)
			}
			time.Sleep(15 * time.Second)
		}
		want := []time.Duration{0, 15, 30, 90, 210, 450, 930, 1530, 2130, 2730, 3330}
		for i := range want {
			want[i] *= time.Second
		}
		if !slices.Equal(at, want) {
			t.Errorf("sent after %v, want %v", at, want)
		}
	})
}

// A secret that the API accepts for one account may lack the permission for others.
func TestRefusalsOfOtherAccounts(t *testing.T) {
	l := new(Limiter)
	accept(t, l, "good")
	for range 10 {
		refuse(l, "bad")
	}
	accept(t, l, "good")
	for range 3 { // it has been revoked
		refuse(l, "good")
	}
	if refuse(l, "good") || refuse(l, "bad") {
		t.Error("a revoked secret was sent a fourth time")
	}
}

// Requests in flight when a pause starts do not prolong it. After it, one list is requested, which
// decides for all requests.
func TestAfterPause(t *testing.T) {
	forbidden := Outcome{Sent: true, Header: http.Header{}}
	refused := Outcome{Sent: true, Header: http.Header{}, Refused: true}
	for name, test := range map[string]struct {
		outcome Outcome
		held    time.Duration
	}{
		"accepted":  {Outcome{Sent: true, Header: http.Header{}, Accepted: true}, 0},
		"forbidden": {forbidden, 0}, // the secret may have been corrected
		"refused":   {refused, 2 * time.Minute},
		"lost":      {Outcome{Sent: true}, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := new(Limiter)
				var inFlight []func(Outcome)
				for range 16 {
					inFlight = append(inFlight, reserve(t, l, Request{Account: "a"}))
				}
				for _, done := range inFlight {
					done(refused)
				}
				if held := time.Until(l.Status("").HoldOffUntil); held != time.Minute {
					t.Errorf("held off for %v, want a minute", held)
				}
				time.Sleep(time.Minute)
				if _, err := l.Reserve(Request{Account: "a", LowPriority: true}); heldUntil(err).IsZero() {
					t.Error("a low-priority request is sent first")
				}
				done := reserve(t, l, Request{Account: "a"})
				if n, _ := available(l); n != 0 {
					t.Errorf("%d more requests are sent after the pause", n)
				}
				done(test.outcome)
				if held := time.Until(l.Status("").HoldOffUntil); max(0, held) != test.held {
					t.Errorf("held off for %v, want %v", held, test.held)
				}
			})
		})
	}
}

// Waits are in wall-clock time, so they are over after a machine has slept. After the clock went
// back, none lasts longer than 10 minutes.
func TestClocks(t *testing.T) {
	l := &Limiter{Limit: 2}
	for range 2 {
		receive(t, l, &http.Response{Header: http.Header{"Ratelimit": {`"a";r=5;t=300`}}})
	}
	b := l.budgets[0]
	b.end(time.Now(), time.Now(), new(account), Outcome{Header: http.Header{}, TooMany: true})
	for b.refused < tolerated {
		b.end(time.Now(), time.Now(), new(account), Outcome{Header: http.Header{}, Refused: true})
	}
	times := []*time.Time{&b.ended[0], &b.ended[1], &b.holdOff, &b.resume}
	b.inFlight = 0
	if held := l.Status("").HoldOffUntil; time.Until(held) < 4*time.Minute {
		t.Errorf("held off until %v", held)
	}
	for _, at := range times {
		if strings.Contains(at.String(), "m=") {
			t.Errorf("%v has a monotonic clock", at)
		}
		*at = at.Add(time.Hour)
	}
	p := b.policies["a"]
	if strings.Contains(p.reset.String(), "m=") {
		t.Errorf("%v has a monotonic clock", p.reset)
	}
	p.Remaining, p.reset = 0, p.reset.Add(time.Hour)
	b.policies["a"] = p
	for range l.Limit {
		reserve(t, l, Request{})(sent)
	}
	if _, err := l.Reserve(Request{}); err == nil {
		t.Error("the limit no longer applies")
	}
}
