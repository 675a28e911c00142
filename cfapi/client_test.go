package cfapi_test

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestRequest(t *testing.T) {
	var got *http.Request
	client := newHandlerServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		_, _ = w.Write([]byte(wrap("")))
	}))
	client.BaseURL += "/client/v4"
	client.UserAgent = "cloudflare_pcap_exporter/1.2.3"
	mustList(t, client)
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

func TestDefaultBaseURL(t *testing.T) {
	url := ""
	client := &cfapi.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		url = r.URL.String()
		return nil, cfapi.ErrCredentials
	})}
	_ = list(t.Context(), client)
	if want := "https://api.cloudflare.com/client/v4/accounts/" + accountID + "/pcaps"; url != want {
		t.Errorf("URL %q, want %q", url, want)
	}
}

func TestBadBaseURL(t *testing.T) {
	for _, base := range []string{"http://user:SECRET@host:port", "http://user:SECRET@%zz", "://SECRET", "SECRET"} {
		synctest.Test(t, func(t *testing.T) {
			client := &cfapi.Client{BaseURL: base, Transport: new(http.Transport)}
			wantReason(t, list(t.Context(), client).err, cfapi.ReasonNetwork)
		})
	}
}

func TestContextIsCancelled(t *testing.T) {
	api, client := newServer(t)
	var r recorder
	client.OnRequest = r.record
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantReason(t, list(ctx, client).err, cfapi.ReasonTimeout)
	wantRequests(t, api, 0)
	if len(r.requests) != 0 {
		t.Errorf("%d requests were reported", len(r.requests))
	}
}

// A connection is reused after every kind of response.
func TestConnectionIsReused(t *testing.T) {
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
	client := &cfapi.Client{BaseURL: server.URL, Transport: server.Client().Transport, Authorize: authorize}
	long := string(make([]byte, 20_000))
	faults := []simulation.Fault{
		{},
		{Status: 403},
		{Status: 404, Body: "<html>" + long},
		{Status: 403, Body: `{"success":7,"new":"` + long},
		{Refuse: true},
		{Redirect: "/elsewhere"},
		{Status: 301, Body: html},
		{Body: wrap(`{"id":"a"}`) + "\n\n"},
		{},
	}
	for _, fault := range faults {
		fault.Times = 1
		api.Inject(fault)
		_ = list(t.Context(), client)
	}
	wantRequests(t, api, len(faults))
	if n := connections.Load(); n != 1 {
		t.Errorf("%d connections for %d lists", n, len(faults))
	}
}

// net/http asks for gzip and decodes it. Bounds apply to what comes out.
func TestGzip(t *testing.T) {
	asked := ""
	status, body := http.StatusOK, ""
	client := newHandlerServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = r.Header.Get("Accept-Encoding")
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		z := gzip.NewWriter(w)
		_, _ = z.Write([]byte(body))
		_ = z.Close()
	}))
	body = small
	if l := mustList(t, client); len(l.Captures) != 2 || asked != "gzip" {
		t.Errorf("%d captures, asked for %q", len(l.Captures), asked)
	}
	body = wrap(strings.Repeat(" ", 65<<20))
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonDecode)
	status, body = http.StatusBadRequest, codeBody(6003)
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonUnauthorized)
}

func TestParallelLists(t *testing.T) {
	api, client := newServer(t)
	api.Account(accountID).Respond(page(pageInfo(1, 2, 3), "a", "b"), page(pageInfo(2, 2, 3), "c"))
	var r recorder
	client.OnRequest = r.record
	client.Limiter = &ratelimit.Limiter{Limit: 1000}
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 4 {
				if l := list(t.Context(), client); l.err != nil || len(l.Captures) != 3 {
					t.Errorf("%d captures, %v", len(l.Captures), l.err)
				}
			}
		})
	}
	wg.Wait()
	wantRequests(t, api, 400)
	if len(r.requests) != 400 {
		t.Errorf("%d requests were reported, want 400", len(r.requests))
	}
}

// After one list of each of two accounts, the next request is for the first. Further pages and
// retries do not wait. Requests for buckets and tokens leave the rest to the accounts.
func TestLimiter(t *testing.T) {
	const other = "11111111111111111111111111111111"
	two := [][]byte{page(pageInfo(1, 1, 2), "a"), page(pageInfo(2, 1, 2), "b")}
	for name, test := range map[string]struct {
		available int           // after the two lists
		wait      time.Duration // then
		pages     [][]byte      // of the first account
		fault     simulation.Fault
		call      func(context.Context, *cfapi.Client) error
		requests  int // 0 if it is held off
	}{
		"first account":  {available: 1, call: captures(accountID), requests: 1},
		"second account": {available: 1, call: captures(other)},
		"further page":   {available: 2, pages: two, call: captures(accountID), requests: 2},
		"retry":          {available: 2, fault: simulation.Fault{Status: 500, Times: 1}, call: captures(accountID), requests: 2},
		"accounts":       {available: 1, call: auxiliaryCalls[cfapi.EndpointAccounts], requests: 1},
		"buckets":        {wait: 5*time.Minute + 2, call: auxiliaryCalls[cfapi.EndpointOwnership]},
		"token":          {wait: 5*time.Minute + 2, call: auxiliaryCalls[cfapi.EndpointVerify]},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := newPipeServer(t)
				api.Account(other)
				client.Limiter = &ratelimit.Limiter{Limit: 2 + test.available}
				for _, id := range []string{accountID, other} {
					if err := captures(id)(t.Context(), client); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Nanosecond)
				}
				time.Sleep(test.wait)
				api.Account(accountID).Respond(test.pages...)
				api.Inject(test.fault)
				var r recorder
				client.OnRequest = r.record
				err := test.call(t.Context(), client)
				if test.requests == 0 {
					wantReason(t, err, cfapi.ReasonRateLimited)
				} else if err != nil {
					t.Error(err)
				}
				if n := len(api.Requests()) - 2; n != test.requests || len(r.requests) != n {
					t.Errorf("%d requests were sent and %d reported, want %d", n, len(r.requests), test.requests)
				}
			})
		})
	}
}

// A hold-off applies to every call and to further pages.
func TestHoldOff(t *testing.T) {
	calls := maps.Clone(auxiliaryCalls)
	calls[cfapi.EndpointCaptures] = captures(accountID)
	for endpoint, call := range calls {
		t.Run(endpoint, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := newPipeServer(t)
				client.Limiter = new(ratelimit.Limiter)
				api.Inject(simulation.Fault{Times: 1, Status: 429, RetryAfter: "30"})
				wantReason(t, call(t.Context(), client), cfapi.ReasonRateLimited)
				for _, other := range calls {
					wantReason(t, other(t.Context(), client), cfapi.ReasonRateLimited)
				}
				wantRequests(t, api, 1)
				time.Sleep(30 * time.Second)
				api.Account(accountID).Respond(page(pageInfo(1, 1, 2), "a"), page(pageInfo(2, 1, 2), "b"))
				api.Inject(simulation.Fault{Times: 1, Headers: http.Header{"Ratelimit": {`"default";r=0;t=30`}}})
				wantReason(t, captures(accountID)(t.Context(), client), cfapi.ReasonRateLimited)
				wantRequests(t, api, 2)
			})
		})
	}
}

// A token that the API refuses is not sent again and again, whatever the status. A missing
// permission is not the token's fault, so it heals with the next scrape.
func TestRefusedToken(t *testing.T) {
	for name, test := range map[string]struct {
		fault    simulation.Fault
		requests int // for 6 lists
		held     time.Duration
	}{
		"401":                {simulation.Fault{Status: 401}, 3, time.Minute},
		"9109 with 200":      {simulation.Fault{Body: codeBody(9109)}, 3, time.Minute},
		"9109 with 400":      {simulation.Fault{Status: 400, Body: codeBody(9109), RetryAfter: "300"}, 3, time.Minute},
		"9109 with 403":      {simulation.Fault{Status: 403, Body: codeBody(9109)}, 3, time.Minute},
		"9109 with 500":      {simulation.Fault{Status: 500, Body: codeBody(9109)}, 3, time.Minute},
		"9109 with 429":      {simulation.Fault{Status: 429, Body: codeBody(9109), RetryAfter: "300"}, 1, 5 * time.Minute},
		"10000 with 429":     {simulation.Fault{Status: 429, Body: codeBody(10000), RetryAfter: "300"}, 1, 5 * time.Minute},
		"7003 with 429":      {simulation.Fault{Status: 429, Body: codeBody(7003)}, 1, time.Minute},
		"10000 with 403":     {simulation.Fault{Status: 403}, 6, 0},
		"403 without a code": {simulation.Fault{Status: 403, Body: html}, 6, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := newPipeServer(t)
				client.Limiter = new(ratelimit.Limiter)
				api.Inject(test.fault)
				for range 6 {
					if err := list(t.Context(), client).err; err == nil {
						t.Error("no error")
					}
					time.Sleep(time.Nanosecond)
				}
				wantRequests(t, api, test.requests)
				if held := time.Until(client.RateLimit().HoldOffUntil).Round(time.Second); max(0, held) != test.held {
					t.Errorf("held off for %v, want %v", held, test.held)
				}
				api.Heal()
				time.Sleep(test.held)
				mustList(t, client)
			})
		})
	}
}

func codeBody(code int) string { return fmt.Sprintf(`{"success":false,"errors":[{"code":%d}]}`, code) }

// A request counts until 5 minutes after its response. A request that was not sent does not
// count.
func TestReservation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := newPipeServer(t)
		client.Limiter = &ratelimit.Limiter{Limit: 2}
		pipe := client.Transport
		noConnection := func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no connection") }
		for reason, transport := range map[cfapi.Reason]http.RoundTripper{
			cfapi.ReasonCredentials: roundTripper(func(*http.Request) (*http.Response, error) { return nil, cfapi.ErrCredentials }),
			cfapi.ReasonNetwork:     &http.Transport{DialContext: noConnection},
		} {
			client.Transport = transport
			for range 5 {
				wantReason(t, list(t.Context(), client).err, reason)
			}
		}
		client.Transport = pipe
		api.Inject(simulation.Fault{Times: 1, Headers: http.Header{"Ratelimit": {`"default";r=1;t=30`}, "Ratelimit-Policy": nil}})
		mustList(t, client)
		mustList(t, client) // the response to the first request is not lost
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited)
		time.Sleep(5*time.Minute + time.Nanosecond)
		mustList(t, client)
	})
}

// A request without a response counts, too, if there was a connection.
func TestLostRequestsCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := newPipeServer(t)
		client.Limiter = &ratelimit.Limiter{Limit: 2}
		api.Inject(simulation.Fault{Reset: true})
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited)
		wantRequests(t, api, 2)
	})
}

// The duration includes the whole response, and no back-off.
func TestDurations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := newPipeServer(t)
		api.Account(accountID).Respond([]byte(small))
		api.Inject(simulation.Fault{Status: 500, Latency: time.Second, Times: 1})
		api.Inject(simulation.Fault{Drip: time.Second}) // after every 32 bytes
		var r recorder
		client.OnRequest = r.record
		mustList(t, client)
		want := []time.Duration{time.Second, time.Duration(len(small)+31) / 32 * time.Second}
		if len(r.requests) != 2 || r.requests[0].Duration != want[0] || r.requests[1].Duration != want[1] {
			t.Errorf("%+v, want durations %v", r.requests, want)
		}
	})
}

// Kept connections that are closed under a request, all at the same time, with and without new
// ones. net/http on its own would try each of them, and count none.
func TestKeptConnections(t *testing.T) {
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
			client := &cfapi.Client{BaseURL: server.URL, Transport: transport}
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
