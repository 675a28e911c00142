package accounts

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	gokitlog "github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector/config"
)

// newHTTP2Set returns a Set that uses HTTP/2 over TLS over the pipes.
func newHTTP2Set(t *testing.T, pipes *frozenPipes, accounts int) *Set {
	t.Helper()
	certificate := httptest.NewUnstartedServer(nil)
	certificate.StartTLS()
	certificate.Close()
	api := &cfapitest.API{Token: token}
	server := &http.Server{Handler: api, ReadHeaderTimeout: time.Minute, TLSConfig: &tls.Config{Certificates: certificate.TLS.Certificates}}
	go func() { _ = server.ServeTLS(pipes, "", "") }() // it ends when the pipes do
	t.Cleanup(func() { close(pipes.conns); _ = server.Close() })
	cfg := newConfig()
	for i := range accounts {
		cfg.Accounts = append(cfg.Accounts, config.Account{ID: fmt.Sprintf("%032x", i), Credential: config.DefaultCredential})
	}
	set := newSet(t, api, cfg, Options{BaseURL: "https://api.invalid"})
	transport := newHTTPTransport(&promconfig.HTTPClientConfig{EnableHTTP2: true}, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // a server of the test
	transport.DialContext = pipes.dial
	t.Cleanup(transport.CloseIdleConnections)
	set.Targets().Credentials[0].transport.next = cfapi.SendOnce(transport)
	return set
}

// A connection that dies silently, as when a NAT loses its state, costs one scrape at
// intervals of 15 s and more, and two at 5 s.
func TestDeadConnection(t *testing.T) {
	for _, interval := range []time.Duration{5 * time.Second, 15 * time.Second, time.Minute} {
		for _, accounts := range []int{1, 30} {
			for _, bothDirections := range []bool{true, false} {
				t.Run(fmt.Sprint(interval, accounts, bothDirections), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { testDeadConnection(t, interval, accounts, bothDirections) })
				})
			}
		}
	}
}

func testDeadConnection(t *testing.T, interval time.Duration, accounts int, bothDirections bool) {
	pipes := &frozenPipes{conns: make(chan net.Conn)}
	set := newHTTP2Set(t, pipes, accounts)
	timeout := min(interval, 10*time.Second) - 500*time.Millisecond
	failures := 0
	for i := range 10 {
		if i == 3 {
			pipes.freeze(bothDirections)
		}
		start := time.Now()
		if n := scrapeAll(t, set, timeout); n > 0 {
			failures++
			if i < 3 {
				t.Fatalf("%d accounts failed before the connection died", n)
			}
		}
		if took := time.Since(start); took > timeout {
			t.Errorf("a scrape took %v, longer than its deadline", took)
		}
		time.Sleep(time.Until(start.Add(interval)))
	}
	if want := map[bool]int{true: 2, false: 1}[interval < 15*time.Second]; failures > want {
		t.Errorf("%d scrapes failed, want at most %d", failures, want)
	}
}

// scrapeAll scrapes all accounts in parallel and returns the number that failed.
func scrapeAll(t *testing.T, set *Set, timeout time.Duration) (failed int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	results := make(chan bool)
	for _, a := range set.Targets().Accounts {
		go func() { results <- a.Scrape(ctx).Up }()
	}
	for range set.Targets().Accounts {
		if !<-results {
			failed++
		}
	}
	return failed
}

// The reason phrase of a proxy may contain anything.
func TestProxyRefuses(t *testing.T) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 407 SECRET\r\nContent-Length: 0\r\n\r\n")
		_ = conn.Close()
	}))
	defer proxy.Close()
	url, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	cfg := newConfig(accountID)
	cfg.Credentials[config.DefaultCredential] = promconfig.HTTPClientConfig{
		Authorization: cfg.Credentials[config.DefaultCredential].Authorization,
		ProxyConfig:   promconfig.ProxyConfig{ProxyURL: promconfig.URL{URL: url}},
	}
	var log bytes.Buffer
	set := newSet(t, new(cfapitest.API), cfg, Options{BaseURL: "https://api.invalid", Logger: gokitlog.NewLogfmtLogger(&log)})
	if set.Targets().Accounts[0].Scrape(t.Context()).Up {
		t.Error("a request passed the proxy")
	}
	if !strings.Contains(log.String(), "the proxy responded 407 to CONNECT") || strings.Contains(log.String(), "SECRET") {
		t.Errorf("logged %s", &log)
	}
}
