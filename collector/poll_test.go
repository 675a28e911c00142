package collector

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// TestPollIntervals scrapes every second.
func TestPollIntervals(t *testing.T) {
	for endpoint, test := range map[string]struct {
		every time.Duration
		shown string
	}{
		"ownership": {5 * time.Minute, "bucket_ownership"},
		"verify":    {time.Hour, "api_token_active"},
	} {
		t.Run(endpoint, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := newAroundBy(log.NewNopLogger())
				a.api.Verify.Account = testID
				a.api.Account(testID).SetBuckets(cfapitest.Bucket{Destination: "s3://b", Status: "success"})
				pass := func(d time.Duration, shown bool, requests int) {
					t.Helper()
					for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Second) {
						if got := strings.Contains(a.scrape(t), test.shown); got != shown {
							t.Fatalf("%v before %v: %s is shown: %v", time.Until(end), d, test.shown, got)
						}
					}
					a.wantRequests(t, endpoint, requests)
				}
				pass(test.every, true, 1)
				pass(test.every, true, 2)
				a.api.Inject(cfapitest.Fault{Endpoint: endpoint, Status: 302})
				pass(time.Minute, false, 3)
				pass(3*time.Minute, false, 6)
				a.api.Heal()
				pass(test.every, true, 7)
			})
		})
	}
}

// TestPollIsShared has many scrapes at once, of which the first leaves.
func TestPollIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAroundBy(log.NewNopLogger())
		a.api.Account(testID).SetBuckets(cfapitest.Bucket{Destination: "s3://b"})
		a.api.Inject(cfapitest.Fault{Latency: time.Second})
		first, leave := context.WithCancel(t.Context())
		var scrapes sync.WaitGroup
		scrapes.Go(func() {
			if text := expose(t, a.bucketsFor(first)); text != "" {
				t.Errorf("who left sees %s", text)
			}
		})
		synctest.Wait()
		for range 20 {
			scrapes.Go(func() {
				if text := expose(t, a.bucketsFor(t.Context())); !strings.Contains(text, `status="pending"} 1`) {
					t.Errorf("who waited sees %q", text)
				}
			})
		}
		synctest.Wait()
		leave()
		scrapes.Wait()
		a.wantRequests(t, "ownership", 1)
	})
}

// Of scrapes that find a call due, some may come to make it when it has ended.
func TestPollIsNotRepeated(t *testing.T) {
	for range 300 {
		p := newPoll[int]("counting", time.Hour, time.Minute, log.NewNopLogger())
		var calls atomic.Int32
		var scrapes sync.WaitGroup
		for range 8 {
			scrapes.Go(func() {
				n, ok := p.get(t.Context(), func(context.Context) (int, error) { return int(calls.Add(1)), nil })
				if n != 1 || !ok {
					t.Errorf("answer %d, %v", n, ok)
				}
			})
		}
		scrapes.Wait()
	}
}

// A scrape that has no time left asks for nothing, and is no failure to those
// that come later.
func TestPollWithoutTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newAroundBy(log.NewNopLogger())
		over, cancel := context.WithCancel(t.Context())
		cancel()
		if text := expose(t, a.bucketsFor(over), a.tokenFor(over)); text != "" {
			t.Error(text)
		}
		synctest.Wait()
		a.wantRequests(t, "", 0)
		wantSeries(t, a.scrape(t), `api_token_active{credential="default"} 1`)
		if text := expose(t, a.tokenFor(over)); !strings.Contains(text, "api_token_active") {
			t.Error("what is known is not shown")
		}
	})
}

func TestPollLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		a := newAroundBy(log.NewLogfmtLogger(&logged))
		for _, status := range []int{403, 403, 0, 0, 404, 401} {
			a.api.Heal()
			if status != 0 {
				a.api.Inject(cfapitest.Fault{Status: status})
			}
			expose(t, a.bucketsFor(t.Context()))
			time.Sleep(time.Hour)
		}
		var got []string
		for line := range strings.Lines(logged.String()) {
			line, _, _ = strings.Cut(line, " err=")
			got = append(got, strings.TrimSpace(strings.Replace(line, " account="+testID, "", 1)))
		}
		want := `level=warn msg="listing buckets failed" reason=forbidden
level=debug msg="listing buckets still fails" reason=forbidden
level=info msg="listing buckets works again"
level=warn msg="listing buckets failed" reason=rejected
level=warn msg="listing buckets failed" reason=unauthorized`
		if got := strings.Join(got, "\n"); got != want {
			t.Errorf("logged\n%s\nwant\n%s\n%s", got, want, logged.String())
		}
	})
}
