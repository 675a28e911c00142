package cfapi_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// serveCounted counts the connections made.
func serveCounted(t *testing.T) (*cfapitest.API, *cfapi.Client, *atomic.Int64) {
	t.Helper()
	api := newAPI()
	var connections atomic.Int64
	server := httptest.NewUnstartedServer(api)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	transport := new(http.Transport)
	t.Cleanup(transport.CloseIdleConnections)
	return api, &cfapi.Client{BaseURL: server.URL, Transport: withToken(transport)}, &connections
}

// A handshake for each scrape would cost more than the listing.
func TestConnectionIsReused(t *testing.T) {
	api, client, connections := serveCounted(t)
	filler := string(make([]byte, 20_000))
	for _, fault := range []cfapitest.Fault{
		{Times: 1},
		{Times: 1, Status: 403},
		{Times: 1, Status: 404, Body: "<html>" + filler},
		{Times: 1, Status: 403, Body: `{"success":7,"new":"` + filler},
		{Times: 1, Refuse: true},
		{Times: 1, Redirect: "/elsewhere"},
		{Times: 1, Status: 301, Body: html},
		{Times: 1, Body: wrap(`{"id":"a"}`) + "\n\n"},
		{Times: 1},
	} {
		api.Inject(fault)
		_ = list(t.Context(), client)
	}
	wantRequests(t, api, 9)
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for 9 listings, want 1", n)
	}
}

// Shared by many scrapes, some of which fail.
func TestParallelListings(t *testing.T) {
	api, client := serve(t)
	api.Account(accountID).Answer(page(info(1, 2, 3), "a", "b"), page(info(2, 2, 3), "c"))
	var j journal
	client.Done = j.done
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 4 {
				if l := list(t.Context(), client); l.err != nil || len(l.captures) != 3 {
					t.Errorf("%d captures, %v", len(l.captures), l.err)
				}
				client.Limits()
			}
		})
	}
	wg.Wait()
	wantRequests(t, api, 400)
	if len(j.requests) != 400 {
		t.Errorf("%d requests counted, want 400", len(j.requests))
	}
}

func TestParallelFailures(t *testing.T) {
	api, client := serve(t)
	api.Inject(cfapitest.Fault{Status: 429})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() { wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited) })
	}
	wg.Wait()
	if sent, held := len(api.Requests()), client.Limits().Withheld; uint64(sent)+held != 50 {
		t.Errorf("%d requests sent and %d withheld, want 50", sent, held)
	}
}

func TestHTTP2(t *testing.T) {
	api := newAPI()
	var protocols sync.Map
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocols.Store(r.Proto, true)
		api.ServeHTTP(w, r)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	client := &cfapi.Client{BaseURL: server.URL, Transport: withToken(server.Client().Transport)}
	api.Account(accountID).Answer([]byte(small))
	listOnly(t, client)
	if _, ok := protocols.Load("HTTP/2.0"); !ok {
		t.Error("HTTP/2 was not used")
	}
	api.Inject(cfapitest.Fault{CutOff: 100})
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonDecode)
}

func TestRequestIsWellFormed(t *testing.T) {
	var got *http.Request
	client := serveHandler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		_, _ = w.Write([]byte(wrap("")))
	}))
	client.BaseURL += "/client/v4"
	client.UserAgent = "cloudflare_pcap_exporter/1.2.3"
	listOnly(t, client)
	if got.Method != http.MethodGet || got.URL.String() != "/client/v4/accounts/"+accountID+"/pcaps" || got.ContentLength != 0 {
		t.Errorf("%s %s with %d bytes", got.Method, got.URL, got.ContentLength)
	}
	for name, want := range map[string]string{
		"User-Agent": "cloudflare_pcap_exporter/1.2.3", "Accept": "application/json", "Authorization": "Bearer " + token,
	} {
		if got := got.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Without an address, a client is Cloudflare's.
func TestDefaultBaseURL(t *testing.T) {
	asked := ""
	client := &cfapi.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		asked = r.URL.String()
		return nil, cfapi.ErrCredentials
	})}
	_ = list(t.Context(), client)
	if want := "https://api.cloudflare.com/client/v4/accounts/" + accountID + "/pcaps"; asked != want {
		t.Errorf("asked %q, want %q", asked, want)
	}
}
