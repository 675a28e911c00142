package cfapi_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// told is an answer: what it says of the limit, and when it comes.
type told struct {
	limit, policy string
	after         time.Duration
	err           error
}

// telling is a client that is answered so, one after the other; then, never.
func telling(limit int, answers ...told) *cfapi.Client {
	var mu sync.Mutex
	return &cfapi.Client{RateLimit: limit, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		mu.Lock()
		if len(answers) == 0 {
			mu.Unlock()
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		next := answers[0]
		answers = answers[1:]
		mu.Unlock()
		time.Sleep(next.after)
		header := http.Header{"Ratelimit": {next.limit}, "Ratelimit-Policy": {next.policy}}
		return response(r, http.StatusOK, header, strings.NewReader(wrap(""))), next.err
	})}
}

// room is how many more requests can be in flight at once, 20 at most, and when
// the next one could be.
func room(t *testing.T, client *cfapi.Client) (n int, until time.Time) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var flights sync.WaitGroup
	defer flights.Wait()
	defer cancel()
	withheld := make(chan error, 1)
	for ; n < 20; n++ {
		flights.Go(func() {
			if err := list(ctx, client).err; ctx.Err() == nil {
				withheld <- err
			}
		})
		synctest.Wait()
		if len(withheld) > 0 {
			return n, heldUntil(t, <-withheld)
		}
	}
	return n, time.Time{}
}

// Answers overtake one another: the least of a window counts, and what is said
// of a window before does not.
func TestAnswersOutOfOrder(t *testing.T) {
	for name, test := range map[string]struct {
		answers []told
		want    int
	}{
		"same window":      {[]told{{`"a";r=9;t=30`, "", 5 * time.Second, nil}, {`"a";r=8;t=30`, "", time.Second, nil}}, 8},
		"of one before":    {[]told{{`"a";r=2;t=1`, "", 5 * time.Second, nil}, {`"a";r=12;t=300`, "", 2 * time.Second, nil}}, 12},
		"of the next one":  {[]told{{`"a";r=12;t=300`, "", 5 * time.Second, nil}, {`"a";r=2;t=1`, "", time.Second, nil}}, 12},
		"no end of either": {[]told{{`"a";r=9`, "", 5 * time.Second, nil}, {`"a";r=8`, "", 5 * time.Second, nil}}, 8},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := telling(0, test.answers...)
				var flights sync.WaitGroup
				for range test.answers {
					flights.Go(func() { _ = list(t.Context(), client) })
					synctest.Wait()
				}
				flights.Wait()
				if n, _ := room(t, client); n != test.want {
					t.Errorf("room for %d requests, want %d", n, test.want)
				}
			})
		})
	}
}

// What a log line shows.
func TestHoldOffText(t *testing.T) {
	for want, client := range map[string]*cfapi.Client{
		"no request is sent before 2000-01-01T00:00:30Z: the API's rate limit was reached":        telling(5, told{limit: `"a";r=0;t=30`}),
		"no request is sent before 2000-01-01T00:05:00Z: our own limit for 5 minutes was reached": telling(1, told{limit: `"a";r=5;t=30`}),
		"no request is sent before 2000-01-01T00:00:30Z: what is left of the API's rate limit is in use or kept for others": telling(5,
			told{limit: `"a";r=5;t=30`, policy: `"a";q=10`}),
	} {
		synctest.Test(t, func(t *testing.T) {
			listOnly(t, client)
			err := list(t.Context(), client).err
			if err == nil || err.Error() != "listing captures: "+want {
				t.Errorf("\n got %v\nwant %s", err, want)
			}
		})
	}
}
