package accounts

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	gokitlog "github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"
	"golang.org/x/sync/errgroup"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

// Connections that die silently, as when a NAT loses its state, cost one scrape.
func TestDeadConnection(t *testing.T) {
	for _, accounts := range []int{1, 30, 200} {
		t.Run(fmt.Sprint(accounts), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { testDeadConnection(t, accounts) })
		})
	}
}

func testDeadConnection(t *testing.T, accounts int) {
	set, freeze := newFreezingSet(t, accounts)
	const interval, timeout = 15 * time.Second, 9500 * time.Millisecond
	for i := range 5 {
		parallel := 16
		switch i {
		case 0:
			parallel = accounts // more connections than a scrape needs
		case 2:
			freeze()
		}
		start := time.Now()
		if failed := scrapeAll(t, set, parallel, timeout); failed > 0 != (i == 2) {
			t.Errorf("scrape %d: %d accounts failed", i, failed)
		}
		if took := time.Since(start); took > timeout {
			t.Errorf("a scrape took %v, longer than its deadline", took)
		}
		time.Sleep(time.Until(start.Add(interval)))
	}
}

// newFreezingSet returns a Set that uses the transport of the exporter over pipes, and a function that
// freezes the current pipes.
func newFreezingSet(t *testing.T, accounts int) (set *Set, freeze func()) {
	t.Helper()
	cfg := newConfig()
	for i := range accounts {
		cfg.Accounts = append(cfg.Accounts, config.Account{ID: fmt.Sprintf("%032x", i), Credential: config.DefaultCredential})
	}
	api := &simulation.API{Token: token}
	pipe, stop := simulation.Pipe(api)
	transport := newHTTPTransport(new(promconfig.HTTPClientConfig), "")
	t.Cleanup(func() { transport.CloseIdleConnections(); stop() })
	var frozen atomic.Pointer[atomic.Bool] // of the next connections
	frozen.Store(new(atomic.Bool))
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := pipe.DialContext(ctx, network, address)
		return &freezingConn{conn, frozen.Load()}, err
	}
	set = newSet(t, api, cfg, Options{BaseURL: "http://api.invalid", Transport: transport})
	return set, func() { frozen.Swap(new(atomic.Bool)).Store(true) }
}

// scrapeAll scrapes all accounts, some of them in parallel, and returns the number that failed.
func scrapeAll(t *testing.T, set *Set, parallel int, timeout time.Duration) (failed int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	var down atomic.Int64
	var scrapes errgroup.Group
	scrapes.SetLimit(parallel)
	for _, a := range set.Targets().Accounts {
		scrapes.Go(func() error {
			if !a.Scrape(ctx).Up {
				down.Add(1)
			}
			return nil
		})
	}
	_ = scrapes.Wait() // no error
	return int(down.Load())
}

// The exporter offers HTTP/1.1 only, and asks for gzip. A response with a long header fails before it fills the
// memory.
func TestTransport(t *testing.T) {
	header, major := 0, 0
	encoding := ""
	var offered []string
	api := new(simulation.API)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		major, encoding = r.ProtoMajor, r.Header.Get("Accept-Encoding")
		w.Header().Set("X-Long", strings.Repeat("x", header))
		api.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
		offered = hello.SupportedProtos
		return nil, nil
	}}
	server.StartTLS()
	defer server.Close()
	set := newSet(t, api, newTLSConfig(promconfig.TLSConfig{InsecureSkipVerify: true}), Options{BaseURL: server.URL})
	a := set.Targets().Accounts[0]
	for length, want := range map[int]cfapi.Reason{maxResponseHeader / 2: "", maxResponseHeader: cfapi.ReasonNetwork} {
		header = length
		if s := a.Scrape(t.Context()); s.Up != (want == "") || s.Reason != want {
			t.Errorf("header of %d bytes: up %v, reason %q; want %q", length, s.Up, s.Reason, want)
		}
	}
	if major != 1 || fmt.Sprint(offered) != "[http/1.1]" || encoding != "gzip" {
		t.Errorf("HTTP/%d, offered %v, asked for %q", major, offered, encoding)
	}
}

func TestIPVersion(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	for version, ok := range map[string]bool{"any": true, "4": true, "6": false} {
		conn, err := newHTTPTransport(new(promconfig.HTTPClientConfig), version).DialContext(t.Context(), "tcp", listener.Addr().String())
		if (err == nil) != ok {
			t.Errorf("%s: %v", version, err)
		}
		if err == nil {
			_ = conn.Close()
		}
	}
}

// A reload closes the connections of a removed credential, also if a request uses one of them.
func TestRemovedCredential(t *testing.T) {
	var open atomic.Int64
	received, respond := make(chan bool), make(chan bool)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		received <- true
		<-respond
		_, _ = w.Write(list(""))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed:
			open.Add(-1)
		}
	}
	server.Start()
	defer server.Close()
	set := newSet(t, new(simulation.API), newConfig(accountID, otherID), Options{BaseURL: server.URL})
	up := make(chan bool)
	for _, a := range set.Targets().Accounts {
		go func() { up <- a.Scrape(t.Context()).Up }()
		<-received
	}
	finish := func() {
		respond <- true
		if !<-up {
			t.Error("a scrape failed")
		}
	}
	finish()
	cfg := newConfig()
	cfg.Credentials[config.DefaultCredential].Authorization.Credentials = "another"
	if err := set.Apply(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	finish()
	for deadline := time.Now().Add(20 * time.Second); open.Load() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections are open", open.Load())
		}
	}
}

// The files for TLS are read again for each request. Their failures are credentials.
func TestTLSFiles(t *testing.T) {
	api := &simulation.API{Token: token}
	server := httptest.NewUnstartedServer(api)
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert} //nolint:gosec // a test
	server.StartTLS()
	defer server.Close()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	key, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	settings := promconfig.TLSConfig{CAFile: filepath.Join(dir, "ca"), CertFile: filepath.Join(dir, "cert"), KeyFile: filepath.Join(dir, "key")}
	good := map[string][]byte{
		settings.CAFile: cert, settings.CertFile: cert,
		settings.KeyFile: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	}
	for file, content := range good {
		write(t, file, string(content))
	}
	requests := 0
	set := newSet(t, api, newTLSConfig(settings), Options{BaseURL: server.URL, OnRequest: func(cfapi.Request) { requests++ }})
	a := set.Targets().Accounts[0]
	for file, content := range good {
		for name, step := range map[string]struct {
			replace func() error
			want    cfapi.Reason
		}{
			"new line": {func() error { return os.WriteFile(file, append(bytes.Clone(content), '\n'), 0o600) }, ""},
			"too long": {func() error { return os.WriteFile(file, make([]byte, maxSecretFile+1), 0o600) }, cfapi.ReasonCredentials},
			"not PEM":  {func() error { return os.WriteFile(file, []byte("SECRET"), 0o600) }, cfapi.ReasonCredentials},
			"missing":  {func() error { return nil }, cfapi.ReasonCredentials},
			"FIFO":     {func() error { return syscall.Mkfifo(file, 0o600) }, cfapi.ReasonCredentials},
		} {
			if err := errors.Join(os.Remove(file), step.replace()); err != nil {
				t.Fatal(err)
			}
			requests = 0
			if s := a.Scrape(t.Context()); s.Up != (step.want == "") || s.Reason != step.want || s.Up != (requests == 1) {
				t.Errorf("%s, %s: up %v, reason %q, %d requests; want %q", filepath.Base(file), name, s.Up, s.Reason, requests, step.want)
			}
			err := set.Check(t.Context())
			if (err == nil) != (step.want == "") || err != nil && (!strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "SECRET")) {
				t.Errorf("%s, %s: %v", filepath.Base(file), name, err)
			}
			_ = os.Remove(file)
			write(t, file, string(content))
		}
	}
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
	credential := cfg.Credentials[config.DefaultCredential]
	credential.ProxyURL.URL = url
	cfg.Credentials[config.DefaultCredential] = credential
	var log bytes.Buffer
	set := newSet(t, new(simulation.API), cfg, Options{BaseURL: "https://api.invalid", Logger: gokitlog.NewLogfmtLogger(&log)})
	if set.Targets().Accounts[0].Scrape(t.Context()).Up {
		t.Error("a request passed the proxy")
	}
	if !strings.Contains(log.String(), "the proxy responded 407 to CONNECT") || strings.Contains(log.String(), "SECRET") {
		t.Errorf("logged %s", &log)
	}
}
