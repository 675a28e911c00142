package collector_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// listMetrics are those that only a list can give.
var listMetrics = regexp.MustCompile(`(?m)^cloudflare_pcap_(captures|packets_captured|capture_errors|stop_requested_captures|newest_submitted_timestamp_seconds|` +
	`earliest_due_timestamp_seconds|unrecognized_captures|list_limit_reached|snapshot_timestamp_seconds|capture_info|capture_series_dropped)\{`)

func TestFailures(t *testing.T) {
	const html = "<html><body>Bad gateway</body></html>"
	for name, c := range map[string]struct {
		fault  cfapitest.Fault
		reason string
	}{
		"401":            {cfapitest.Fault{Status: 401}, "unauthorized"},
		"403":            {cfapitest.Fault{Status: 403}, "forbidden"},
		"404":            {cfapitest.Fault{Status: 404}, "rejected"},
		"418":            {cfapitest.Fault{Status: 418, Body: "teapot"}, "rejected"},
		"429":            {cfapitest.Fault{Status: 429, RetryAfter: "1"}, "rate_limited"},
		"500":            {cfapitest.Fault{Status: 500}, "server"},
		"502 HTML":       {cfapitest.Fault{Status: 502, Body: html}, "server"},
		"520 empty":      {cfapitest.Fault{Status: 520, Body: " "}, "server"},
		"200 HTML":       {cfapitest.Fault{Body: html}, "decode"},
		"empty":          {cfapitest.Fault{Body: " "}, "decode"},
		"refused":        {cfapitest.Fault{Refuse: true}, "rejected"},
		"redirect":       {cfapitest.Fault{Redirect: "http://127.0.0.1:1/"}, "rejected"},
		"cut off":        {cfapitest.Fault{CutOff: 40}, "decode"},
		"reset":          {cfapitest.Fault{Reset: true}, "network"},
		"hang":           {cfapitest.Fault{Hang: true}, "timeout"},
		"slow drip":      {cfapitest.Fault{Drip: 50 * time.Millisecond}, "timeout"},
		"no such result": {cfapitest.Fault{Body: `{"success":true,"result":{}}`}, "decode"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newExporter(t, setup{})
			e.api.Account(accountID).Answer(list(3))
			e.api.Inject(c.fault)
			timeout := "10"
			if c.reason == "timeout" {
				timeout = "0.3"
			}
			text := e.scrape(t, "/probe?target="+accountID, "X-Prometheus-Scrape-Timeout-Seconds", timeout)
			expect(t, text, `cloudflare_pcap_up{account="`+accountID+`"} 0`)
			if found := listMetrics.FindString(text); found != "" {
				t.Errorf("%s is shown", found)
			}
			for line := range strings.SplitSeq(text, "\n") {
				if strings.HasPrefix(line, "cloudflare_pcap_scrape_errors_total{") {
					want := "0"
					if strings.Contains(line, `"`+c.reason+`"`) {
						want = "1"
					}
					if !strings.HasSuffix(line, " "+want) {
						t.Errorf("want %s: %s", want, line)
					}
				}
			}
			e.api.Heal()
			if c.reason == "rate_limited" {
				return // the hold-off is tested with a clock
			}
			text = e.scrape(t, "/probe?target="+accountID)
			expect(t, text, `cloudflare_pcap_up{account="`+accountID+`"} 1`)
			expect(t, text, `cloudflare_pcap_list_limit_reached{account="`+accountID+`"} 0`)
		})
	}
}

func TestHoldOff(t *testing.T) {
	e := newExporter(t, setup{})
	e.api.Inject(cfapitest.Fault{Status: 429, RetryAfter: "60"})
	for range 6 {
		e.scrape(t, "/probe?target="+accountID)
	}
	if n := len(e.api.Requests()); n != 1 {
		t.Errorf("%d requests, want the one that met the limit", n)
	}
	text := e.scrape(t, "/metrics")
	expect(t, text, `cloudflare_pcap_scrape_errors_total{account="`+accountID+`",reason="rate_limited"} 7`)
	expect(t, text, `cloudflare_pcap_api_requests_withheld_total{credential="default"} 6`)
	expect(t, text, `cloudflare_pcap_api_requests_total{code="429",endpoint="pcaps"} 1`)
	if strings.Contains(text, `api_holdoff_until_timestamp_seconds{credential="default"} 0`) {
		t.Error("the hold-off is not shown")
	}
}

func TestRetryCounters(t *testing.T) {
	e := newExporter(t, setup{})
	e.api.Inject(cfapitest.Fault{Status: 503, Times: 1})
	text := e.scrape(t, "/metrics")
	for _, line := range []string{
		`cloudflare_pcap_up{account="` + accountID + `"} 1`,
		`cloudflare_pcap_api_requests_total{code="503",endpoint="pcaps"} 1`,
		`cloudflare_pcap_api_requests_total{code="200",endpoint="pcaps"} 1`,
		`cloudflare_pcap_api_request_failures_total{endpoint="pcaps",reason="server"} 1`,
		`cloudflare_pcap_api_request_duration_seconds_count{endpoint="pcaps"} 2`,
		`cloudflare_pcap_api_retries_total 1`,
		`cloudflare_pcap_api_ratelimit_quota{credential="default",policy="default"} 1200`,
	} {
		expect(t, text, line)
	}
}

// scrape returns the exposition of a scrape, which always succeeds.
func (e *exporter) scrape(tb testing.TB, path string, header ...string) string {
	tb.Helper()
	status, text := e.get(tb, path, header...)
	if status != http.StatusOK {
		tb.Fatalf("%s: %d", path, status)
	}
	return text
}

func expect(tb testing.TB, text, line string) {
	tb.Helper()
	if !strings.Contains("\n"+text, "\n"+line+"\n") {
		name, _, _ := strings.Cut(line, "{")
		tb.Errorf("no line %s; there is\n%s", line, grep(text, name))
	}
}

func grep(text, name string) (found string) {
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, name) {
			found += fmt.Sprintln(line)
		}
	}
	return found
}
