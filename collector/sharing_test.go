package collector_test

import (
	"context"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// TestScrapesShareAListing has the first of 21 scrapes leave.
func TestScrapesShareAListing(t *testing.T) {
	e := newExporter(t, setup{})
	e.api.Account(accountID).Answer(list(3))
	e.api.Inject(cfapitest.Fault{Latency: 300 * time.Millisecond})
	first, leave := context.WithCancel(t.Context())
	defer leave()
	var scrapes sync.WaitGroup
	scrapes.Go(func() { e.abort(first, t) })
	eventually(t, "the first listing", func() bool { return len(e.api.Requests()) == 1 })
	for range 20 {
		scrapes.Go(func() {
			expect(t, e.scrape(t, "/probe?target="+accountID), `cloudflare_pcap_up{account="`+accountID+`"} 1`)
		})
	}
	eventually(t, "the others to join", func() bool { return e.shared(t) == 20 })
	leave()
	scrapes.Wait()
	if n := len(e.api.Requests()); n != 1 {
		t.Errorf("%d listings for 21 scrapes", n)
	}
}

// TestAbortedScrapes has 300 scrapers leave while the API hangs.
func TestAbortedScrapes(t *testing.T) {
	e := newExporter(t, setup{})
	e.scrape(t, "/metrics")
	e.api.Inject(cfapitest.Fault{Hang: true})
	before := runtime.NumGoroutine()
	// Each scrape starts a listing or shares one.
	waiting := func() int { return len(e.api.Requests()) + e.shared(t) }
	for range 10 {
		ctx, cancel := context.WithCancel(t.Context())
		var scrapes sync.WaitGroup
		arrived := waiting()
		for range 30 {
			scrapes.Go(func() { e.abort(ctx, t) })
		}
		eventually(t, "the scrapes to arrive", func() bool { return waiting() == arrived+30 })
		cancel()
		scrapes.Wait()
		eventually(t, "the goroutines to end", func() bool { return runtime.NumGoroutine() <= before })
	}
	e.api.Heal()
	expect(t, e.scrape(t, "/metrics"), `cloudflare_pcap_up{account="`+accountID+`"} 1`)
}

// abort scrapes until ctx ends.
func (e *exporter) abort(ctx context.Context, t *testing.T) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.server.URL+"/probe?target="+accountID, http.NoBody)
	if err != nil {
		t.Error(err)
		return
	}
	if resp, err := e.server.Client().Do(req); err == nil {
		resp.Body.Close()
		t.Error("the scrape was answered with", resp.Status)
	}
}

func (e *exporter) shared(t *testing.T) int { return e.sum(t, "scrapes_coalesced_total") }

// sum adds up a counter of the exporter itself, without a scrape.
func (e *exporter) sum(t *testing.T, name string) (sum int) {
	t.Helper()
	families, err := e.app.Self().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == "cloudflare_pcap_"+name {
			for _, m := range f.GetMetric() {
				sum += int(m.GetCounter().GetValue())
			}
		}
	}
	return sum
}

// eventually waits for what other goroutines do; the limit is for a test that
// fails.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
