package accounts

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	gokitlog "github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"
	"golang.org/x/net/http2"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

// newHTTP2Set returns a Set that uses HTTP/2 over TLS over the pipes.
func newHTTP2Set(t *testing.T, pipes *frozenPipes, accounts int) *Set {
	t.Helper()
	api := &simulation.API{Token: token}
	server := &http.Server{Handler: api, ReadHeaderTimeout: time.Minute, TLSConfig: &tls.Config{Certificates: certificates()}}
	go func() { _ = server.ServeTLS(pipes, "", "") }() // it ends when the pipes do
	t.Cleanup(func() { close(pipes.conns); _ = server.Close() })
	cfg := newConfig()
	for i := range accounts {
		cfg.Accounts = append(cfg.Accounts, config.Account{ID: fmt.Sprintf("%032x", i), Credential: config.DefaultCredential})
	}
	set := newSet(t, api, cfg, Options{BaseURL: "https://api.invalid"})
	transport := newHTTPTransport(&promconfig.HTTPClientConfig{EnableHTTP2: true}, &tls.Config{InsecureSkipVerify: true}, 0) //nolint:gosec // a server of the test
	transport.DialContext = pipes.dial
	t.Cleanup(transport.CloseIdleConnections)
	set.Targets().Credentials[0].transport.next = transport
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

// frameServer speaks HTTP/2 over TLS and counts requests. It responds with no captures, or
// breaks the first requests.
type frameServer struct {
	received, broken atomic.Int64
	breakStream      func(f *http2.Framer, stream uint32) error
}

// listen returns the URL of the server.
func (s *frameServer) listen(t *testing.T) string {
	t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: certificates(), NextProtos: []string{"h2"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for conn, err := listener.Accept(); err == nil; conn, err = listener.Accept() {
			go s.serve(conn)
		}
	}()
	return fmt.Sprint("https://", listener.Addr())
}

func (s *frameServer) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface)))
	f := http2.NewFramer(conn, conn)
	for err = errors.Join(err, f.WriteSettings()); err == nil; {
		var frame http2.Frame
		if frame, err = f.ReadFrame(); err == nil && frame.Header().Type == http2.FrameHeaders {
			err = s.respond(f, frame.Header().StreamID)
		}
	}
}

func (s *frameServer) respond(f *http2.Framer, stream uint32) error {
	s.received.Add(1)
	if s.broken.Add(-1) >= 0 {
		return s.breakStream(f, stream)
	}
	const status200 = 0x80 | 8 // of the static table of HPACK
	header := http2.HeadersFrameParam{StreamID: stream, BlockFragment: []byte{status200}, EndHeaders: true}
	return errors.Join(f.WriteHeaders(header), f.WriteData(stream, true, list("")))
}

// Frames that break HTTP/2 fail one scrape, which sends each request once. They block neither
// the next scrape nor a reload.
func TestBrokenHTTP2(t *testing.T) {
	for name, breakStream := range map[string]func(f *http2.Framer, stream uint32) error{
		"GOAWAY": func(f *http2.Framer, _ uint32) error { return f.WriteGoAway(0, http2.ErrCodeNo, nil) },
		"REFUSED_STREAM": func(f *http2.Framer, stream uint32) error {
			return f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		},
		"WINDOW_UPDATE": func(f *http2.Framer, stream uint32) error { return f.WriteWindowUpdate(stream, 1<<31-1) },
	} {
		t.Run(name, func(t *testing.T) {
			server := &frameServer{breakStream: breakStream}
			reported := 0
			cfg := newTLSConfig(promconfig.TLSConfig{InsecureSkipVerify: true}, true)
			set := newSet(t, new(simulation.API), cfg, Options{BaseURL: server.listen(t), OnRequest: func(cfapi.Request) { reported++ }})
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // a safety net
			defer cancel()
			scrape := func(up bool, requests int) {
				t.Helper()
				got := set.Targets().Accounts[0].Scrape(ctx).Up
				if n := int(server.received.Load()); got != up || n != requests || reported != requests {
					t.Fatalf("up %v, %d requests, %d reported; want %v, %d", got, n, reported, up, requests)
				}
			}
			scrape(true, 1)
			server.broken.Store(3)
			scrape(false, 4) // with retries
			scrape(true, 5)
			cfg.Credentials[config.DefaultCredential].Authorization.Credentials = "another"
			if err := set.Apply(ctx, cfg); err != nil {
				t.Fatal(err)
			}
			scrape(true, 6)
		})
	}
}

// HTTP/2 is optional. A response with a long header fails before it fills the memory.
func TestHTTPTransport(t *testing.T) {
	for _, isHTTP2 := range []bool{false, true} {
		header, major := 0, 0
		api := new(simulation.API)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			major = r.ProtoMajor
			w.Header().Set("X-Long", strings.Repeat("x", header))
			api.ServeHTTP(w, r)
		}))
		server.EnableHTTP2 = true
		server.StartTLS()
		defer server.Close()
		set := newSet(t, api, newTLSConfig(promconfig.TLSConfig{InsecureSkipVerify: true}, isHTTP2), Options{BaseURL: server.URL})
		a := set.Targets().Accounts[0]
		for length, want := range map[int]cfapi.Reason{maxResponseHeader / 2: "", maxResponseHeader: cfapi.ReasonNetwork} {
			header = length
			if s := a.Scrape(t.Context()); s.Up != (want == "") || a.Status().Reason != want || (major == 2) != isHTTP2 {
				t.Errorf("HTTP/%d, header of %d bytes: up %v, reason %q; want %q", major, length, s.Up, a.Status().Reason, want)
			}
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
	cfg.Credentials[config.DefaultCredential] = promconfig.HTTPClientConfig{
		Authorization: cfg.Credentials[config.DefaultCredential].Authorization,
		ProxyConfig:   promconfig.ProxyConfig{ProxyURL: promconfig.URL{URL: url}},
	}
	var log bytes.Buffer
	set := newSet(t, new(simulation.API), cfg, Options{BaseURL: "https://api.invalid", Logger: gokitlog.NewLogfmtLogger(&log)})
	if set.Targets().Accounts[0].Scrape(t.Context()).Up {
		t.Error("a request passed the proxy")
	}
	if !strings.Contains(log.String(), "the proxy responded 407 to CONNECT") || strings.Contains(log.String(), "SECRET") {
		t.Errorf("logged %s", &log)
	}
}
