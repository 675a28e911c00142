package ratelimit

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// send sends a request as a client does, and fails the test if it is held off.
func send(t *testing.T, l *Limiter, transport http.RoundTripper, url string) {
	t.Helper()
	res := reserve(t, l, Request{})
	req, err := http.NewRequestWithContext(res.WithTrace(t.Context()), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		res.Done(false)
		return
	}
	res.Update(resp)
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Error(err)
	}
	resp.Body.Close()
	res.Done(true)
}

// Every request that the API received counts once, whatever the protocol.
func TestReceivedRequestsCount(t *testing.T) {
	for name, test := range map[string]struct {
		http2 bool
		drop  int64 // ordinal of a request whose connection is closed instead of a response
		send  int
		want  int64
	}{
		"HTTP/1":                   {false, 0, 3, 3},
		"HTTP/2":                   {true, 0, 3, 3},
		"new connection breaks":    {false, 1, 1, 1},
		"HTTP/2 stream is aborted": {true, 2, 2, 2},
	} {
		t.Run(name, func(t *testing.T) {
			var received atomic.Int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				if received.Add(1) == test.drop {
					panic(http.ErrAbortHandler)
				}
			}))
			server.EnableHTTP2 = test.http2
			server.StartTLS()
			t.Cleanup(server.Close)
			l := &Limiter{Limit: 10}
			for range test.send {
				send(t, l, server.Client().Transport, server.URL)
			}
			n, _ := available(l)
			if got := received.Load(); got != test.want || int64(10-n) != got {
				t.Errorf("%d requests were received and %d counted, want %d", got, 10-n, test.want)
			}
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestUnsentRequestsDoNotCount(t *testing.T) {
	failure := errors.New("failure")
	for name, test := range map[string]struct {
		transport     http.RoundTripper
		counted, lost int
	}{
		"no connection": {&http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, failure }}, 0, 0},
		"no trace": {roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{Body: http.NoBody}, nil
		}), 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := &Limiter{Limit: 10}
			receive(t, l, response(`"default";r=5;t=300`, ""))
			send(t, l, test.transport, "http://192.0.2.1")
			if n, _ := available(l); n != 5-test.lost {
				t.Errorf("%d requests are available, want %d", n, 5-test.lost)
			}
			l.policies = nil
			if n, _ := available(l); n != 9-test.counted {
				t.Errorf("%d requests are available without policies, want %d", n, 9-test.counted)
			}
		})
	}
}
