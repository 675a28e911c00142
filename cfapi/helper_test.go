package cfapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	token     = "test-token-6b1f"
)

// serve gives the simulated API with one account, and a client that speaks to
// it over a real socket.
func serve(t *testing.T) (*cfapitest.API, *cfapi.Client) {
	t.Helper()
	api := newAPI()
	return api, serveHandler(t, api)
}

func newAPI() *cfapitest.API {
	api := &cfapitest.API{Token: token}
	api.Account(accountID)
	return api
}

func serveHandler(t *testing.T, handler http.Handler) *cfapi.Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &cfapi.Client{BaseURL: server.URL, Transport: withToken(transport)}
}

// roundTripper is a transport without any network.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func withToken(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+token)
		return next.RoundTrip(r)
	})
}

// response is an answer made by hand.
func response(r *http.Request, status int, header http.Header, body io.Reader) *http.Response {
	if header == nil {
		header = make(http.Header)
	}
	return &http.Response{
		StatusCode: status, Header: header, Body: io.NopCloser(body), ContentLength: -1,
		ProtoMajor: 1, ProtoMinor: 1, Request: r,
	}
}

// answering is a client whose every request gets that answer.
func answering(status int, header http.Header, body func() io.Reader) *cfapi.Client {
	return &cfapi.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		return response(r, status, header, body()), nil
	})}
}

// listed is all that comes of one listing.
type listed struct {
	captures []cfapi.Capture
	info     cfapi.ListInfo
	err      error
}

func list(ctx context.Context, client *cfapi.Client) (l listed) {
	for capture, err := range client.Captures(ctx, accountID, &l.info) {
		if err != nil {
			l.err = errors.Join(l.err, err) // a second one would show as a second line
			continue
		}
		l.captures = append(l.captures, capture)
	}
	return l
}

// listOnly lists, and takes any error for a failure of the test.
func listOnly(t *testing.T, client *cfapi.Client) listed {
	t.Helper()
	l := list(t.Context(), client)
	if l.err != nil {
		t.Fatalf("listing: %v", l.err)
	}
	return l
}

// wantReason also checks what holds for the text of every error: it goes into a
// log line as it is.
func wantReason(t *testing.T, err error, want cfapi.Reason) {
	t.Helper()
	if err == nil {
		t.Errorf("no error, want reason %q", want)
		return
	}
	if got := cfapi.ReasonOf(err); got != want {
		t.Errorf("reason %q, want %q: %v", got, want, err)
	}
	for _, s := range []string{"\n", "\r", "?", token, "Bearer", "per_page"} {
		if strings.Contains(err.Error(), s) {
			t.Errorf("the error contains %q: %v", s, err)
		}
	}
}

func wantRequests(t *testing.T, api *cfapitest.API, want int) {
	t.Helper()
	if got := len(api.Requests()); got != want {
		t.Errorf("%d requests, want %d", got, want)
	}
}

// journal keeps what a client's Done was called with.
type journal struct {
	mu       sync.Mutex
	requests []cfapi.Request
}

func (j *journal) done(r cfapi.Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.requests = append(j.requests, r)
}
