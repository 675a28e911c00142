package cfapi_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// h2Server speaks HTTP/2 over TLS and calls onRequest with the framer and the stream of each
// request. It counts requests and connections.
type h2Server struct {
	url                   string
	requests, connections atomic.Int64
}

func serveHTTP2(t *testing.T, onRequest func(f *http2.Framer, stream uint32) (keep bool)) *h2Server {
	t.Helper()
	cert := httptest.NewUnstartedServer(nil)
	cert.StartTLS()
	defer cert.Close()
	config := &tls.Config{Certificates: cert.TLS.Certificates, NextProtos: []string{"h2"}}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	s := &h2Server{url: fmt.Sprint("https://", listener.Addr())}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.connections.Add(1)
			go s.serve(conn, onRequest)
		}
	}()
	return s
}

func (s *h2Server) serve(conn net.Conn, onRequest func(*http2.Framer, uint32) bool) {
	defer func() { _ = conn.Close() }()
	if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	f := http2.NewFramer(conn, bufio.NewReader(conn))
	_ = f.WriteSettings()
	for {
		frame, err := f.ReadFrame()
		if err != nil {
			return
		}
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				_ = f.WriteSettingsAck()
			}
		case *http2.HeadersFrame:
			s.requests.Add(1)
			if !onRequest(f, frame.StreamID) {
				return
			}
		}
	}
}

func TestSendOnce(t *testing.T) {
	for name, onRequest := range map[string]func(*http2.Framer, uint32) bool{
		"GOAWAY": func(f *http2.Framer, _ uint32) bool {
			_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
			return false
		},
		"GOAWAY on an open connection": func(f *http2.Framer, _ uint32) bool {
			_ = f.WriteGoAway(0, http2.ErrCodeNo, nil)
			return true
		},
		"REFUSED_STREAM": func(f *http2.Framer, stream uint32) bool {
			_ = f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
			return true
		},
		"closed": func(*http2.Framer, uint32) bool { return false },
	} {
		t.Run(name, func(t *testing.T) {
			server := serveHTTP2(t, onRequest)
			transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}} //nolint:gosec // a server of the test
			if err := http2.ConfigureTransport(transport); err != nil {                          //nolint:staticcheck // as the exporter does
				t.Fatal(err)
			}
			var r recorder
			client := &cfapi.Client{
				BaseURL: server.url, Transport: cfapi.SendOnce(transport), OnRequest: r.record,
				Limiter: &ratelimit.Limiter{Limit: 20},
			}
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			wantReason(t, list(ctx, client).err, cfapi.ReasonNetwork)
			if n := server.requests.Load(); n != 3 || len(r.requests) != 3 {
				t.Errorf("%d requests over %d connections, %d reported; want 3", n, server.connections.Load(), len(r.requests))
			}
		})
	}
}

// Kept connections that are closed under a request, all at the same time, with and without new
// ones.
func TestSendOnceKeptConnections(t *testing.T) {
	for name, test := range map[string]struct {
		newFail bool
		want    int64 // requests
	}{
		"kept connections fail": {false, 2},
		"new ones fail, too":    {true, 3},
	} {
		t.Run(name, func(t *testing.T) {
			const kept = 8
			var received atomic.Int64
			var closing atomic.Bool
			var used sync.Map // addresses of connections
			full := make(chan struct{})
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, again := used.LoadOrStore(r.RemoteAddr, true)
				n := received.Add(1)
				if closing.Load() {
					if again || test.newFail {
						panic(http.ErrAbortHandler)
					}
				} else if n == kept {
					close(full)
				}
				<-full // so that each request needs a connection of its own
				_, _ = w.Write([]byte(wrap("")))
			}))
			defer server.Close()
			transport := &http.Transport{MaxIdleConnsPerHost: kept}
			client := &cfapi.Client{BaseURL: server.URL, Transport: cfapi.SendOnce(transport)}
			var lists sync.WaitGroup
			for range kept {
				lists.Go(func() { mustList(t, client) })
			}
			lists.Wait()
			received.Store(0)
			closing.Store(true)
			if err := list(t.Context(), client).err; test.newFail {
				wantReason(t, err, cfapi.ReasonNetwork)
			} else if err != nil {
				t.Error(err)
			}
			if n := received.Load(); n != test.want {
				t.Errorf("%d requests, want %d", n, test.want)
			}
		})
	}
}
