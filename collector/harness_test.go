package collector_test

import (
	"cmp"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"
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
	upstream string       // its URL
	open     atomic.Int64 // connections to it
	server   *httptest.Server
	app      *collector.App
}

type setup struct {
	series      collector.SeriesMode
	timeout     time.Duration
	logger      log.Logger
	tokenFile   string
	configFile  string                    // in place of accounts and token
	maxRequests int                       // 0 is the default of the flag
	accounts    []collector.AccountConfig // nil is the one with accountID
	options     collector.Options
	upstream    http.Handler // nil is the simulated API
}

func newExporter(tb testing.TB, s setup) *exporter {
	tb.Helper()
	e := &exporter{api: &cfapitest.API{Token: token}}
	if s.upstream == nil {
		s.upstream = e.api
	}
	upstream := httptest.NewUnstartedServer(s.upstream)
	upstream.Config.ConnState = e.count
	upstream.Start()
	tb.Cleanup(upstream.Close)
	e.upstream = upstream.URL
	if s.accounts == nil {
		s.accounts = []collector.AccountConfig{{ID: accountID, Name: "edge"}}
	}
	if s.logger == nil {
		s.logger = log.NewNopLogger()
	}
	credential := config.HTTPClientConfig{Authorization: &config.Authorization{Type: "Bearer", CredentialsFile: s.tokenFile}}
	if s.tokenFile == "" {
		credential.Authorization.Credentials = token
	}
	for i := range s.accounts {
		e.api.Account(s.accounts[i].ID)
		s.accounts[i].Credential = collector.DefaultCredential
	}
	cfg := &collector.Config{
		Accounts:    s.accounts,
		Credentials: map[string]config.HTTPClientConfig{collector.DefaultCredential: credential},
	}
	if s.configFile != "" {
		var err error
		if cfg, err = collector.LoadConfig(s.configFile); err != nil {
			tb.Fatal(err)
		}
		e.api.Account(accountID)
	}
	options := s.options
	options.BaseURL, options.UserAgent, options.Logger = upstream.URL, "test", s.logger
	options.Series = cmp.Or(s.series, collector.SeriesNone)
	options.Timeout, options.Concurrency = cmp.Or(s.timeout, 10*time.Second), 16
	options.Offset, options.MaxRequests = 500*time.Millisecond, cmp.Or(s.maxRequests, 40)
	options.MetricsPath, options.ConfigFile, options.Lifecycle = "/metrics", s.configFile, true
	var err error
	if e.app, err = collector.New(cfg, options); err != nil {
		tb.Fatal(err)
	}
	e.server = httptest.NewServer(e.app)
	tb.Cleanup(e.server.Close)
	return e
}

func (e *exporter) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		e.open.Add(1)
	case http.StateClosed, http.StateHijacked:
		e.open.Add(-1)
	}
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
