package collector_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

const otherID = "8a3bd1c20000000000000000000000ff"

func TestProbe(t *testing.T) {
	e := newExporter(t, setup{accounts: []collector.AccountConfig{{ID: accountID, Name: "edge"}, {ID: otherID}}})
	for _, target := range []string{"", "?target=", "?target=nobody", "?target=" + accountID[1:], "?target=../user", "?target=edge&target=edge", "?module=x"} {
		if status, text := e.get(t, "/probe"+target); status != http.StatusBadRequest || strings.Count(text, "\n") != 1 {
			t.Errorf("/probe%s: %d %s", target, status, text)
		}
	}
	if n := len(e.api.Requests()); n != 0 {
		t.Errorf("%d requests for targets that are not configured", n)
	}
	for _, target := range []string{"edge", accountID, otherID} {
		text := e.scrape(t, "/probe?target="+target)
		if n := strings.Count(text, "\ncloudflare_pcap_up{"); n != 1 {
			t.Errorf("%s: %d accounts", target, n)
		}
		for _, self := range []string{"go_", "process_", "promhttp_", "cloudflare_pcap_api_", "cloudflare_pcap_scrapes_coalesced"} {
			if strings.Contains(text, "\n"+self) {
				t.Errorf("%s: it has %s", target, self)
			}
		}
	}
}

// TestAccountsFailAlone has one account of two hang.
func TestAccountsFailAlone(t *testing.T) {
	e := newExporter(t, setup{accounts: []collector.AccountConfig{{ID: accountID}, {ID: otherID}}})
	e.api.Inject(cfapitest.Fault{Account: otherID, Hang: true})
	text := e.scrape(t, "/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "0.4")
	expect(t, text, `cloudflare_pcap_up{account="`+accountID+`"} 1`)
	expect(t, text, `cloudflare_pcap_up{account="`+otherID+`"} 0`)
	expect(t, text, `cloudflare_pcap_scrape_errors_total{account="`+otherID+`",reason="timeout"} 1`)
	expect(t, text, `cloudflare_pcap_captures{account="`+accountID+`",colo="",status="failed",system="magic-transit",type="full"} 0`)
}

// TestProbeBesideHangs has all accounts but one hang in a scrape of them all.
func TestProbeBesideHangs(t *testing.T) {
	accounts := []collector.AccountConfig{{ID: accountID}}
	for i := range 100 {
		accounts = append(accounts, collector.AccountConfig{ID: fmt.Sprintf("%032x", i)})
	}
	e := newExporter(t, setup{accounts: accounts})
	for _, a := range accounts[1:] {
		e.api.Inject(cfapitest.Fault{Account: a.ID, Hang: true})
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		e.scrape(t, "/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "3")
	}()
	eventually(t, "the others to hang", func() bool { return len(e.api.Requests()) >= 15 })
	expect(t, e.scrape(t, "/probe?target="+accountID), `cloudflare_pcap_up{account="`+accountID+`"} 1`)
	select {
	case <-done:
		t.Error("the probe waited for the others")
	default:
	}
	<-done
}

// TestMaxRequests has as many scrapes hang as are allowed.
func TestMaxRequests(t *testing.T) {
	e := newExporter(t, setup{})
	e.api.Inject(cfapitest.Fault{Hang: true})
	waiting := func() int { return len(e.api.Requests()) + e.shared(t) }
	var scrapes sync.WaitGroup
	for range 40 {
		scrapes.Go(func() { e.scrape(t, "/probe?target=edge", "X-Prometheus-Scrape-Timeout-Seconds", "2") })
	}
	eventually(t, "the scrapes to arrive", func() bool { return waiting() == 40 })
	if status, _ := e.get(t, "/metrics"); status != http.StatusServiceUnavailable {
		t.Errorf("one more: %d", status)
	}
	if status, _ := e.get(t, "/-/healthy"); status != http.StatusOK {
		t.Errorf("healthy: %d", status)
	}
	scrapes.Wait()
	e.api.Heal()
	e.scrape(t, "/metrics")
}

func TestPages(t *testing.T) {
	e := newExporter(t, setup{})
	for path, want := range map[string]int{
		"/": 200, "/-/healthy": 200, "/-/ready": 200, "/metrics": 200, "/nothing": 404, "/debug/pprof/": 404,
	} {
		if status, _ := e.get(t, path); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
	_, landing := e.get(t, "/")
	for _, want := range []string{`href="./metrics"`, "cloudflare_pcap_exporter"} {
		if !strings.Contains(landing, want) {
			t.Errorf("the landing page lacks %s", want)
		}
	}
}
