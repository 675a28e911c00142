package ratelimit

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// request requests the accounts, one letter each, and returns the accounts for which a
// request was sent. A request for a capital letter does not end, and one for a digit is
// sent again.
func request(l *Limiter, accounts string) (sent string) {
	for _, c := range accounts {
		r := Request{Account: string(c)}
		res, err := l.Reserve(r)
		if err == nil && '0' <= c && c <= '9' {
			res.sent = true
			res.Done(false)
			r.Continuation = true
			res, err = l.Reserve(r)
		}
		if err == nil {
			sent += r.Account
		}
		if err == nil && (c < 'A' || c > 'Z') {
			res.Done(true)
		}
	}
	return sent
}

func TestFairQueue(t *testing.T) {
	type step struct {
		wait           time.Duration
		accounts, want string
	}
	for name, test := range map[string]struct {
		limit int
		steps []step
	}{
		"no limit":             {0, []step{{0, "abcdeaaaaabc", "abcdeaaaaabc"}}},
		"plenty":               {20, []step{{0, "abcdeaaaaabc", "abcdeaaaaabc"}}},
		"the last three":       {8, []step{{0, "abcde", "abcde"}, {0, "edcba", "cba"}, {0, "abcde", ""}}},
		"in order":             {7, []step{{0, "abcde", "abcde"}, {0, "cde", ""}, {0, "aab", "ab"}}},
		"the last one":         {3, []step{{0, "ab", "ab"}, {0, "b", ""}, {0, "a", "a"}}},
		"a new one first":      {4, []step{{0, "abc", "abc"}, {0, "bd", "d"}}},
		"unused for 5 minutes": {7, []step{{0, "abcde", "abcde"}, {4 * time.Minute, "e", ""}, {time.Minute + tick, "eeeeeee", "eeeeeee"}}},
		"refused lately":       {5, []step{{0, "abc", "abc"}, {4 * time.Minute, "c", ""}, {0, "aba", "ab"}, {time.Minute + tick, "bb", "b"}}},
		"in flight":            {6, []step{{0, "ABcd", "ABcd"}, {0, "dc", "dc"}}},
		"fewer turns first":    {9, []step{{0, "abcababc", "abcababc"}, {0, "abc", "c"}}},
		"new with many turns":  {30, []step{{0, strings.Repeat("ab", 10), strings.Repeat("ab", 10)}, {0, "cccccccccc", "cccccccc"}}},
		"further page":         {9, []step{{0, "1ab1ab", "1ab1ab"}, {0, "a", ""}}},
		"retry":                {6, []step{{0, "abc", "abc"}, {0, "1", "1"}, {0, "c", ""}, {0, "a", "a"}}},
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

func TestAccountsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		inFlight := reserve(t, l, Request{Account: "in flight"})
		for i := range 10_000 {
			reserve(t, l, Request{Account: fmt.Sprint(i)}).Done(true)
			time.Sleep(time.Second)
			if n := len(l.queue.accounts); n > 902 {
				t.Fatalf("%d accounts after %d seconds", n, i)
			}
		}
		if l.queue.accounts["in flight"] == nil {
			t.Error("an account with a request in flight was forgotten")
		}
		inFlight.Done(true)
	})
}

// Low-priority requests leave 4% of the limit, and a request for each account that is
// due, or for 9 times as many while accounts appear.
func TestLowPriority(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Limit: 100}
		check := func(accounts string, want int) {
			t.Helper()
			if got := request(l, accounts); got != accounts {
				t.Errorf("requests for %q of %q were sent", got, accounts)
			}
			n := 0
			for lowPriority(l) {
				n++
			}
			if n != want {
				t.Errorf("%d low-priority requests were sent, want %d", n, want)
			}
		}
		all := "abcdefghij"
		check("abcdefghi", 6) // of 91: 81 are left for accounts that may appear, and 4
		check("j", 0)
		time.Sleep(apiWindow + tick)
		check(strings.Repeat(all, 9), 6) // of 10: an account is due 30 seconds after its turn
		check("abcd", 0)
		time.Sleep(apiWindow + tick)
		check(strings.Repeat(all, 5), 46)
		time.Sleep(apiWindow + tick)
		check("", 86) // of 100: all accounts are due
		check(all, 0)
	})
}

// lowPriority reports whether a low-priority request was sent.
func lowPriority(l *Limiter) bool {
	res, err := l.Reserve(Request{LowPriority: true})
	if err == nil {
		res.Done(true)
	}
	return err == nil
}

// Accounts that use most of the limit still leave some low-priority requests, and are
// never refused because of them.
func TestLowPriorityWithManyAccounts(t *testing.T) {
	for _, test := range []struct {
		accounts int
		interval time.Duration
	}{{400, apiWindow}, {900, apiWindow}, {900, 310 * time.Second}, {180, time.Minute}} {
		synctest.Test(t, func(t *testing.T) {
			l, n := &Limiter{Limit: 1000}, 0
			for start := time.Now(); time.Since(start) < time.Hour; {
				next := time.Now().Add(test.interval)
				for i := range test.accounts {
					reserve(t, l, Request{Account: fmt.Sprint(i)}).Done(true)
					if lowPriority(l) {
						n++
					}
					time.Sleep(time.Millisecond)
				}
				time.Sleep(time.Until(next))
			}
			if n < 100 {
				t.Errorf("%+v: %d low-priority requests in an hour", test, n)
			}
		})
	}
}

// The API never has to refuse a request, and the accounts take turns.
func TestScarce(t *testing.T) {
	const ms = time.Millisecond
	for name, s := range map[string]*load{
		"in step":     {offset: 0, roundTrip: ms, hidden: true},
		"interleaved": {offset: 7 * ms, roundTrip: 50 * ms, hidden: true, freed: 1},
		"spread":      {offset: 100 * ms, roundTrip: 50 * ms, hidden: true, freed: 25},
		"alternating": {offset: 100 * ms, roundTrip: 50 * ms, hidden: true, freed: 25, order: alternating},
		"random":      {offset: 100 * ms, roundTrip: 50 * ms, hidden: true, freed: 25, order: random},
		"with limits": {offset: 100 * ms, roundTrip: 50 * ms, order: random},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s.run()
				times := s.received(t)
				for i := range max(0, len(times)-s.Limit) {
					if d := times[i+s.Limit].Sub(times[i]); d <= apiWindow {
						t.Errorf("%d requests in %v", s.Limit+1, d)
					}
				}
				totals := slices.Sorted(maps.Values(s.total))
				fewest, most := totals[0], totals[len(totals)-1]
				t.Logf("%d requests, %d to %d per account, which was up to %d ahead", len(times), fewest, most, s.lead)
				if withheld := s.Status().Withheld; len(times) < 1950 || uint64(len(times))+withheld != 600*10*40 || s.lead > 3 || most-fewest > 3 {
					t.Errorf("%d requests were withheld", withheld)
				}
			})
		})
	}
}

// Between two requests for one account, at most 4 are sent for any other that is
// requested as often.
func TestNoAccountStarves(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the same times in each run
		synctest.Test(t, func(t *testing.T) {
			accounts := 2 + r.IntN(12)
			l := &Limiter{Limit: 1 + r.IntN(4*accounts)}
			order, pause := ordering(seed%3), time.Duration(r.IntN(120))*time.Second/time.Duration(accounts)
			since := make(map[[2]int]int) // requests for the first account since the last one for the second
			for scrape := range 400 {
				for _, account := range order.of(r, scrape, accounts) {
					time.Sleep(pause)
					res, err := l.Reserve(Request{Account: fmt.Sprint(account)})
					if err != nil {
						continue
					}
					time.AfterFunc(time.Duration(r.Int64N(int64(time.Second))), func() { res.Done(true) })
					for other := range accounts {
						since[[2]int{account, other}]++
						since[[2]int{other, account}] = 0
						if n := since[[2]int{account, other}]; n > 4 {
							t.Fatalf("seed %d: %d requests for account %d since the last one for account %d", seed, n, account, other)
						}
					}
				}
			}
		})
	}
}
