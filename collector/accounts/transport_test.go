package accounts

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

// countingTransport counts calls of CloseIdleConnections.
type countingTransport struct {
	err    error // of all requests
	closed int
}

func (c *countingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{Body: io.NopCloser(strings.NewReader(""))}, c.err
}

func (c *countingTransport) CloseIdleConnections() { c.closed++ }

// A request in flight when its transport retires may leave an idle connection, even if
// it fails: HTTP/2 keeps the connection of a canceled request.
func TestRetiredTransport(t *testing.T) {
	for name, test := range map[string]struct {
		retire bool
		err    error
		want   int
	}{
		"in use":           {false, nil, 0},
		"in use, failure":  {false, io.ErrUnexpectedEOF, 0},
		"retired":          {true, nil, 2},
		"retired, failure": {true, io.ErrUnexpectedEOF, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				next := &countingTransport{err: test.err}
				transport := &transport{next: next}
				if test.retire {
					transport.retire()
					synctest.Wait()
				}
				resp, err := transport.RoundTrip(new(http.Request))
				if !errors.Is(err, test.err) {
					t.Fatal(err)
				}
				if err == nil {
					if early := next.closed; early > 1 {
						t.Error("connections were closed before the body was")
					}
					resp.Body.Close()
				}
				if next.closed != test.want {
					t.Errorf("idle connections were closed %d times, want %d", next.closed, test.want)
				}
			})
		})
	}
}

// A SOCKS proxy that does not respond keeps no connection after a scrape.
func TestSOCKSHangs(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	ctx, cancel := context.WithCancel(t.Context())
	closed := make(chan error)
	go func() {
		conn, err := listener.Accept()
		if err == nil {
			_, err = conn.Read(make([]byte, 1))
			cancel() // the scrape
			_, _ = io.Copy(io.Discard, conn)
		}
		closed <- err
	}()
	cfg := newConfig(accountID)
	c := cfg.Credentials[config.DefaultCredential]
	c.ProxyConfig = promconfig.ProxyConfig{ProxyURL: promconfig.URL{URL: &url.URL{Scheme: "socks5", Host: listener.Addr().String()}}}
	cfg.Credentials[config.DefaultCredential] = c
	set := newSet(t, new(simulation.API), cfg, Options{BaseURL: "https://api.invalid"})
	set.Targets().Accounts[0].Scrape(ctx)
	select {
	case err := <-closed:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("the connection is open")
	}
}
