package cfapi_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// fullest is the most requests in any 5 minutes, their ends included.
func fullest(times []time.Time) int {
	slices.SortFunc(times, time.Time.Compare)
	first, most := 0, 0
	for i, at := range times {
		for at.Sub(times[first]) > quotaWindow {
			first++
		}
		most = max(most, i-first+1)
	}
	return most
}

// gap is by how many turns, at worst, one account was ahead of another.
func (c *crowd) gap(sent []departure) int {
	turns := make(map[string]int)
	worst := 0
	for _, d := range sent {
		turns[d.account]++
		for _, id := range c.ids {
			worst = max(worst, turns[d.account]-turns[id])
		}
	}
	return worst
}

// scarceGap is the worst gap while there was not a request left for each account.
func (c *crowd) scarceGap() int {
	first, start, worst := 0, 0, 0
	for i, d := range c.sent {
		for d.at.Sub(c.sent[first].at.Add(c.flight)) > quotaWindow {
			first++
		}
		if spare := c.client.RateLimit - (i - first); spare >= len(c.ids) {
			worst = max(worst, c.gap(c.sent[start:i]))
			start = i
		}
	}
	return max(worst, c.gap(c.sent[start:]))
}

// Ten scrapers ask for far more than is allowed, for ten minutes. Whatever their
// rhythm, the API never has to refuse, and each account gets its turn. What the
// API says makes requests scarce a little sooner than can be told from outside.
func TestScarce(t *testing.T) {
	for name, test := range map[string]struct {
		offset, flight time.Duration
		deaf           bool
	}{
		"in step":     {0, time.Millisecond, true},
		"interleaved": {7 * time.Millisecond, 50 * time.Millisecond, true},
		"spread":      {100 * time.Millisecond, 50 * time.Millisecond, true},
		"listening":   {100 * time.Millisecond, 50 * time.Millisecond, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				client.RateLimit = 1000
				c := newCrowd(api, client, test.offset, test.flight)
				c.deaf = test.deaf
				c.run(t)
				wantUnrefused(t, c)
				var times []time.Time
				for _, r := range api.Requests() {
					times = append(times, r.Time)
				}
				most, gap := fullest(times), c.scarceGap()
				if len(times) != 2000 || most != 1000 || test.deaf && gap != 1 {
					t.Errorf("%d requests, %d in 5 minutes, %d turns behind; want 2000, 1000 and 1", len(times), most, gap)
				}
				t.Logf("%d in 5 minutes; %d turns behind while scarce, %d since the first was withheld", most, gap, c.gap(c.sent[c.scarce:]))
			})
		})
	}
}

func wantUnrefused(t *testing.T, c *crowd) {
	t.Helper()
	if c.refused != 0 || c.failed != nil {
		t.Errorf("%d requests were refused, and others failed: %v", c.refused, c.failed)
	}
	if got := c.client.Limits().Withheld; got != c.withheld || got != 10*600*manyAccounts-uint64(len(c.sent)) {
		t.Errorf("%d requests sent and %d withheld, %d of them counted", len(c.sent), c.withheld, got)
	}
}

// Others spend half of the quota with the same token, evenly or at 200 requests
// a second. Most of that falls while our own limit keeps us from seeing it.
func TestScarceWithOthers(t *testing.T) {
	burst := func(i int) time.Duration {
		return time.Duration(i%600)*5*time.Millisecond + time.Duration(i/600)*quotaWindow
	}
	const early = 150 * time.Second
	for name, at := range map[string]func(i int) time.Duration{
		"evenly":         func(i int) time.Duration { return time.Duration(i) * 500 * time.Millisecond },
		"long before us": burst,
		"before us":      func(i int) time.Duration { return early - 10*time.Second + burst(i) },
		"with us":        func(i int) time.Duration { return early + burst(i) },
		"after us":       func(i int) time.Duration { return early + time.Minute + burst(i) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				client.RateLimit = 1000
				c := newCrowd(api, client, 100*time.Millisecond, 50*time.Millisecond)
				start := time.Now()
				var others sync.WaitGroup
				others.Go(func() {
					for i := range 1200 {
						time.Sleep(time.Until(start.Add(at(i))))
						other(t, api)
					}
				})
				time.Sleep(early)
				c.run(t)
				others.Wait()
				wantUnrefused(t, c)
				if len(c.sent) < 1200 {
					t.Errorf("%d requests, want the 600 in each window that others leave", len(c.sent))
				}
			})
		})
	}
}

// other makes one request of another client with the same token.
func other(t *testing.T, api http.Handler) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/accounts/"+accountID+"/pcaps", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+token)
	api.ServeHTTP(httptest.NewRecorder(), r)
}
