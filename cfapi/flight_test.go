package cfapi_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"cloudflare_pcap_exporter/cfapi"
)

// A kept connection that breaks has net/http send the request once more. Both
// may have been counted by the API.
func TestRequestSentAgainCounts(t *testing.T) {
	var received atomic.Int64
	client := serveHandler(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if received.Add(1) == 2 {
			panic(http.ErrAbortHandler)
		}
		_, _ = w.Write([]byte(wrap("")))
	}))
	client.RateLimit = 4
	for range 2 {
		listOnly(t, client)
	}
	if got := received.Load(); got != 3 {
		t.Fatalf("%d requests received, want 3", got)
	}
	listOnly(t, client)
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited)
	if got := received.Load(); got != 4 {
		t.Errorf("%d requests received, want 4", got)
	}
}

// Whatever the protocol, each request counts once.
func TestRequestCountsOnce(t *testing.T) {
	for _, http2 := range []bool{false, true} {
		api := newAPI()
		server := httptest.NewUnstartedServer(api)
		server.EnableHTTP2 = http2
		server.StartTLS()
		t.Cleanup(server.Close)
		client := &cfapi.Client{BaseURL: server.URL, Transport: withToken(server.Client().Transport), RateLimit: 3}
		for range 3 {
			listOnly(t, client)
		}
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited)
		wantRequests(t, api, 3)
	}
}

// What the API received counts even if it never answered.
func TestRequestWithoutAnswerCounts(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = http.ReadRequest(bufio.NewReader(conn))
			_ = conn.Close()
		}
	}()
	client := &cfapi.Client{BaseURL: fmt.Sprint("http://", listener.Addr()), Transport: new(http.Transport), RateLimit: 3}
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonNetwork)
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited)
}

// What was not sent is not counted, so that nothing hides why it was not.
func TestOnlyWhatIsSentCounts(t *testing.T) {
	broken := errors.New("no route")
	for name, transport := range map[string]http.RoundTripper{
		"no connection": &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, broken }},
		"no credential": roundTripper(func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("%w: gone", cfapi.ErrCredentials) }),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := &cfapi.Client{BaseURL: "http://192.0.2.1", RateLimit: 2, Transport: transport}
				for range 5 {
					if err := list(t.Context(), client).err; cfapi.ReasonOf(err) == cfapi.ReasonRateLimited {
						t.Error(err)
					}
				}
			})
		})
	}
}
