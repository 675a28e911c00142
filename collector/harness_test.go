package collector_test

import (
	"cmp"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	token     = "test-token-6b1f"
)

// exporter is the whole of it but for the flags: the simulated API, the real
// client, the real endpoints, each on a real socket.
type exporter struct {
	api      *cfapitest.API
	upstream string // its URL
	server   *httptest.Server
	self     *prometheus.Registry
}

type setup struct {
	series    collector.SeriesMode
	timeout   time.Duration
	logger    log.Logger
	tokenFile string
	accounts  []collector.Account // nil is the one with accountID
	upstream  http.Handler        // nil is the simulated API
}

func newExporter(tb testing.TB, s setup) *exporter {
	tb.Helper()
	e := &exporter{api: &cfapitest.API{Token: token}}
	if s.upstream == nil {
		s.upstream = e.api
	}
	upstream := httptest.NewServer(s.upstream)
	tb.Cleanup(upstream.Close)
	e.upstream = upstream.URL
	if s.accounts == nil {
		s.accounts = []collector.Account{{ID: accountID, Name: "edge"}}
	}
	if s.logger == nil {
		s.logger = log.NewNopLogger()
	}
	self := prometheus.NewRegistry()
	self.MustRegister(collectors.NewGoCollector(collectors.WithGoCollectorMemStatsMetricsDisabled()), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	e.self = self
	api := collector.NewAPIMetrics(self)
	cfg := config.HTTPClientConfig{Authorization: &config.Authorization{Type: "Bearer", CredentialsFile: s.tokenFile}}
	if s.tokenFile == "" {
		cfg.Authorization.Credentials = token
	}
	credential, err := collector.NewCredential("default", cfg, upstream.URL, "test", api)
	if err != nil {
		tb.Fatal(err)
	}
	self.MustRegister(collector.LimitsCollector{credential})
	for i := range s.accounts {
		e.api.Account(s.accounts[i].ID)
		s.accounts[i].API = credential.Client
	}
	timeout := cmp.Or(s.timeout, 10*time.Second)
	options := collector.Options{Series: cmp.Or(s.series, collector.SeriesNone), Timeout: timeout, Concurrency: 16, Logger: s.logger}
	routes := collector.Routes{
		Handler: &collector.Handler{
			Exporter: collector.NewExporter(s.accounts, options, api), Self: self,
			Timeout: timeout, Offset: 500 * time.Millisecond, Logger: s.logger,
		},
		MetricsPath: "/metrics", MaxRequests: 40, Credentials: []*collector.Credential{credential},
	}
	mux, err := routes.Mux()
	if err != nil {
		tb.Fatal(err)
	}
	e.server = httptest.NewServer(mux)
	tb.Cleanup(e.server.Close)
	return e
}

// get returns the status and the body; header is in pairs.
func (e *exporter) get(tb testing.TB, path string, header ...string) (int, string) {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, e.server.URL+path, http.NoBody)
	if err != nil {
		tb.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := e.server.Client().Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return resp.StatusCode, string(body)
}
