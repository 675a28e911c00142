package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

// TestGolden compares the exposition of each testdata/NAME.json. NAME.2.json, if it
// exists, is the second page of the list.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("no responses", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(file, ".json")
		if filepath.Ext(name) != "" {
			continue
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			first, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			pages := [][]byte{first}
			if second, err := os.ReadFile(name + ".2.json"); err == nil {
				pages = append(pages, second)
			}
			e := newExporter(t, Options{Accounts: accounts.Options{Series: captures.SeriesAll}}, edge)
			e.api.Account(accountID).Respond(pages...)
			wantGolden(t, name+".prom", e.get(t, "/probe?target="+accountID))
			wantGolden(t, name+".om", e.get(t, "/probe?target=edge", "Accept", "application/openmetrics-text;version=1.0.0"))
		})
	}
}

func TestGoldenFailure(t *testing.T) {
	e := newExporter(t, Options{}, edge)
	e.api.Token = "another"
	wantGolden(t, "testdata/unauthorized.prom", e.get(t, "/probe?target="+accountID))
}

func TestGoldenBucketsAndToken(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	e := newExporter(t, Options{Buckets: true, Tokens: true}, edge)
	e.api.Verify.ExpiresOn = noon.AddDate(0, 0, 30)
	e.api.Account(accountID).SetBuckets(
		simulation.Bucket{Destination: "s3://pcaps-us/magic-transit?region=us-east-1", Status: "success", Submitted: noon.Add(-time.Hour), Validated: noon},
		simulation.Bucket{Destination: "r2://pcaps-eu?secret-access-key=" + simulation.Secret, Status: "failed", Submitted: noon},
		simulation.Bucket{Destination: "gs://pcaps-lab/magic-transit", Submitted: noon},
		simulation.Bucket{Destination: "gs://pcaps-lab/archive", Status: "expired", Validated: noon},
	)
	text := e.get(t, "/metrics")
	lines := regexp.MustCompile(`(?m)^(# \w+ )?cloudflare_pcap_(bucket|api_token)_.*\n`).FindAllString(text, -1)
	wantGolden(t, "testdata/buckets_token.prom", strings.Join(lines, ""))
	wantLines(t, text, `api_requests_total{code="200",endpoint="ownership"} 1`, `api_requests_total{code="200",endpoint="verify"} 1`)
	wantStrings(t, e.get(t, "/probe?target=edge"), "cloudflare_pcap_bucket_ownership{")
}

// A slow request for buckets takes no time from the captures.
func TestRequestsRunAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newBubbleExporter(t, Options{Buckets: true}, edge)
		e.api.Inject(simulation.Fault{Latency: time.Second})
		start := time.Now()
		wantLines(t, e.get(t, "/metrics"), `api_requests_total{code="200",endpoint="pcaps"} 1`, `api_requests_total{code="200",endpoint="ownership"} 1`)
		if took := time.Since(start); took != time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestProbe(t *testing.T) {
	e := newExporter(t, Options{}, edge, other)
	for _, query := range []string{"", "?target=", "?target=nobody", "?target=" + accountID[1:], "?target=../user", "?target=edge&target=edge", "?module=x"} {
		if w := e.do(http.MethodGet, "/probe"+query); w.Code != http.StatusBadRequest || strings.Count(w.Body.String(), "\n") != 1 {
			t.Errorf("/probe%s: %d %s", query, w.Code, w.Body)
		}
	}
	if n := len(e.api.Requests()); n != 0 {
		t.Errorf("%d requests for unknown targets", n)
	}
	for target, id := range map[string]string{"edge": accountID, accountID: accountID, otherID: otherID} {
		text := e.get(t, "/probe?target="+target)
		wantLines(t, text, `up{account="`+id+`"} 1`)
		if n := strings.Count(text, "\ncloudflare_pcap_up{"); n != 1 {
			t.Errorf("%s: %d accounts", target, n)
		}
		wantNoStrings(t, text, "\ngo_", "\nprocess_", "\npromhttp_", "\ncloudflare_pcap_api_")
	}
}

// The exporter's own metrics include the scrape that exports them.
func TestMetricsOfTheExporter(t *testing.T) {
	e := newExporter(t, Options{}, edge)
	e.api.Inject(simulation.Fault{Status: http.StatusServiceUnavailable, Times: 1})
	text := e.get(t, "/metrics")
	wantLines(t, text, `up{account="`+accountID+`"} 1`,
		`api_requests_total{code="503",endpoint="pcaps"} 1`, `api_requests_total{code="200",endpoint="pcaps"} 1`,
		`api_request_failures_total{endpoint="pcaps",reason="server"} 1`, `api_request_duration_seconds_count{endpoint="pcaps"} 2`,
		`api_retries_total 1`, `api_ratelimit_quota{credential="default",policy="default"} 1200`,
		`api_holdoff_until_timestamp_seconds{credential="default"} 0`, `api_requests_throttled_total{credential="default",reason="fairness"} 0`,
		`exporter_config_last_reload_successful 1`)
	wantStrings(t, text, "\ncloudflare_pcap_exporter_build_info{", "\ngo_goroutines ", "\nprocess_start_time_seconds ", "\npromhttp_metric_handler_requests_in_flight 1\n")
	wantNoStrings(t, text, `endpoint="ownership"`, `endpoint="verify"`, "\ngo_memstats_alloc_bytes") // the last is ambiguous in OpenMetrics
	if agent := e.api.Requests()[0].UserAgent; agent != "cloudflare_pcap_exporter/1.2.3" {
		t.Errorf("User-Agent %q", agent)
	}
}

func TestScrapesStartWithDifferentAccounts(t *testing.T) {
	e := newExporter(t, Options{Concurrency: 1}, edge, other)
	for range 2 {
		e.get(t, "/metrics")
	}
	if r := e.api.Requests(); len(r) != 4 || r[0].Path != r[3].Path || r[0].Path == r[2].Path {
		t.Errorf("requests %+v", r)
	}
}

// An account that hangs delays a scrape until the timeout of Prometheus less the offset. It takes
// nothing from the other accounts and their probes.
func TestAccountsFailSeparately(t *testing.T) {
	for _, path := range []string{"/metrics", "/probe?target=" + otherID} {
		synctest.Test(t, func(t *testing.T) {
			e := newBubbleExporter(t, Options{}, edge, other)
			e.api.Inject(simulation.Fault{Account: otherID, Hang: true})
			start := time.Now()
			time.AfterFunc(time.Second, func() {
				wantLines(t, e.get(t, "/probe?target=edge"), `up{account="`+accountID+`"} 1`)
				if took := time.Since(start); took != time.Second {
					t.Errorf("the probe ended after %v", took)
				}
			})
			text := e.get(t, path, "X-Prometheus-Scrape-Timeout-Seconds", "5")
			if took := time.Since(start); took != 4500*time.Millisecond {
				t.Errorf("%s took %v", path, took)
			}
			wantLines(t, text, `up{account="`+otherID+`"} 0`, `scrape_errors_total{account="`+otherID+`",reason="timeout"} 1`)
			if path == "/metrics" {
				wantLines(t, text, `up{account="`+accountID+`"} 1`)
			}
		})
	}
}

// An invalid metric is logged and does not hide the others.
func TestInvalidMetric(t *testing.T) {
	var logged bytes.Buffer
	e := newExporter(t, Options{Logger: log.NewLogfmtLogger(log.NewSyncWriter(&logged))}, edge)
	e.self.MustRegister(collector.Func(func(ch chan<- prometheus.Metric) {
		ch <- prometheus.NewInvalidMetric(prometheus.NewDesc("invalid", "", nil, nil), errors.New("out of order"))
	}))
	wantLines(t, e.get(t, "/metrics"), `up{account="`+accountID+`"} 1`, "exporter_config_last_reload_successful 1")
	wantStrings(t, logged.String(), `level=error msg="serving metrics"`, "out of order")
}

// A client that leaves during the response causes one line, at level debug.
func TestClientLeaves(t *testing.T) {
	var logged bytes.Buffer
	e := newExporter(t, Options{Logger: log.NewLogfmtLogger(log.NewSyncWriter(&logged))}, edge)
	ctx, leave := context.WithCancel(t.Context())
	e.ServeHTTP(leavingWriter{httptest.NewRecorder(), leave}, httptest.NewRequestWithContext(ctx, http.MethodGet, "/metrics", http.NoBody))
	text := logged.String()
	wantStrings(t, text, `level=debug msg="the client left during the response"`)
	if n := strings.Count(text, "broken pipe"); n != 1 || strings.Contains(text, "level=error") {
		t.Errorf("%d lines:\n%s", n, text)
	}
}

// leavingWriter is a response to a client that leaves at the first write.
type leavingWriter struct {
	http.ResponseWriter

	leave func()
}

func (w leavingWriter) Write([]byte) (int, error) {
	w.leave()
	return 0, errors.New("broken pipe")
}
