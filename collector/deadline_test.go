package collector_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

// TestQueuedAccountsSendNothing has more accounts hang than are listed at once:
// what is counted is what the API has seen.
func TestQueuedAccountsSendNothing(t *testing.T) {
	var accounts []collector.AccountConfig
	for i := range 40 {
		accounts = append(accounts, collector.AccountConfig{ID: fmt.Sprintf("%032x", i)})
	}
	e := newExporter(t, setup{accounts: accounts})
	e.api.Inject(cfapitest.Fault{Hang: true})
	text := e.scrape(t, "/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "0.4")
	if n := strings.Count(text, `reason="timeout"} 1`+"\n"); n != 40 {
		t.Errorf("%d accounts have timed out", n)
	}
	eventually(t, "the requests to be counted", func() bool { return e.sum(t, "api_requests_total") == len(e.api.Requests()) })
}

// TestReasonOfTheFailure has no room for a second attempt: what went wrong is
// the API, not the time.
func TestReasonOfTheFailure(t *testing.T) {
	e := newExporter(t, setup{})
	e.api.Inject(cfapitest.Fault{Status: 503, Latency: 600 * time.Millisecond})
	text := e.scrape(t, "/probe?target=edge", "X-Prometheus-Scrape-Timeout-Seconds", "1.6")
	expect(t, text, `cloudflare_pcap_scrape_errors_total{account="`+accountID+`",reason="server"} 1`)
	if n := len(e.api.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// TestScraperHangsUp is no failure of the API.
func TestScraperHangsUp(t *testing.T) {
	e := newExporter(t, setup{})
	e.api.Inject(cfapitest.Fault{Hang: true, Times: 1})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		e.abort(ctx, t)
		close(done)
	}()
	eventually(t, "the listing", func() bool { return len(e.api.Requests()) == 1 })
	cancel()
	<-done
	eventually(t, "the listing to end", func() bool { return e.sum(t, "api_requests_total") == 1 })
	text := e.scrape(t, "/probe?target=edge")
	expect(t, text, `cloudflare_pcap_up{account="`+accountID+`"} 1`)
	expect(t, text, `cloudflare_pcap_scrape_errors_total{account="`+accountID+`",reason="timeout"} 0`)
}
