package simulation

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

var faultTests = []struct {
	name   string
	fault  Fault
	status int
	body   string
	header http.Header // at least
}{
	{"none", Fault{}, 200, emptyList, nil},
	{"401", Fault{Status: 401}, 401, refused(10000, "Authentication error"), http.Header{"Content-Type": {"application/json"}}},
	{"403", Fault{Status: 403}, 403, refused(10000, "Authentication error"), nil},
	{"404", Fault{Status: 404}, 404, notFound(testPath), nil},
	{"429", Fault{Status: 429, RetryAfter: "soon"}, 429,
		refused(971, "Please wait and consider throttling your request speed"), http.Header{"Retry-After": {"soon"}}},
	{"500", Fault{Status: 500}, 500, refused(10500, "Internal Server Error"), nil},
	{"HTML", Fault{Status: 502, Body: "<html>bad</html>"}, 502, "<html>bad</html>",
		http.Header{"Content-Type": {"text/html; charset=UTF-8"}}},
	{"body", Fault{Body: "nonsense"}, 200, "nonsense", nil},
	{"refuse", Fault{Refuse: true}, 200, refused(1001, "The request was refused"), nil},
	{"redirect", Fault{Redirect: "https://example.com/"}, 302, "", http.Header{"Location": {"https://example.com/"}}},
	{"moved", Fault{Redirect: "/", Status: 308}, 308, "", http.Header{"Location": {"/"}}},
	{"headers", Fault{Headers: http.Header{"ratelimit": {`"default";r=0;t=7`}, "Cf-Ray": nil, "X-Extra": {"1", "2"}}},
		200, emptyList, http.Header{"Ratelimit": {`"default";r=0;t=7`}, "Cf-Ray": nil, "X-Extra": {"1", "2"}}},
	{"other account", Fault{Account: DemoLabID, Status: 500}, 200, emptyList, nil},
	{"this account", Fault{Account: testID, Status: 202}, 202, emptyList, nil},
}

func TestFaultResponses(t *testing.T) {
	api, url := newServer(t)
	for _, tt := range faultTests {
		api.Inject(tt.fault)
		resp, body, err := fetch(url)
		api.Heal()
		if err != nil || resp.StatusCode != tt.status || string(body) != tt.body {
			t.Errorf("%s: %v, %v, %s", tt.name, err, resp, body)
			continue
		}
		for name, want := range tt.header {
			if got := resp.Header.Values(name); !slices.Equal(got, want) {
				t.Errorf("%s: %s: %q, want %q", tt.name, name, got, want)
			}
		}
		if requests := api.Requests(); requests[len(requests)-1].Status != tt.status {
			t.Errorf("%s: logged as %+v", tt.name, requests[len(requests)-1])
		}
	}
}

func TestFaultOrder(t *testing.T) {
	api, _, _ := newAPI()
	api.Inject(Fault{Account: DemoLabID, Status: 501})
	api.Inject(Fault{Status: 502, Times: 2})
	api.Inject(Fault{Status: 503, Times: 1})
	api.Inject(Fault{Status: 504})
	for i, want := range []int{502, 502, 503, 504, 504} {
		if w := get(api, testPath); w.Code != want {
			t.Errorf("request %d: %d, want %d", i, w.Code, want)
		}
	}
	api.Heal()
	checkResponse(t, api, testPath, 200, emptyList)
}

func TestFaultEndpoint(t *testing.T) {
	api, _, _ := newAPI()
	api.Inject(Fault{Endpoint: "ownership", Status: 501})
	api.Inject(Fault{Endpoint: "verify", Account: testID, Status: 502})
	api.Inject(Fault{Endpoint: "accounts", Status: 503})
	for target, want := range map[string]int{
		testPath: 200, testPath + "/ownership": 501, "/accounts/" + testID + "/tokens/verify": 502,
		"/user/tokens/verify": 200, "/accounts?page=1": 503,
	} {
		if w := get(api, target); w.Code != want {
			t.Errorf("%s: %d, want %d", target, w.Code, want)
		}
	}
}

func TestCutOff(t *testing.T) {
	api, url := newServer(t)
	for n := 1; n <= len(emptyList); n += 7 {
		api.Inject(Fault{CutOff: n, Times: 1})
		resp, body, err := fetch(url)
		if !errors.Is(err, io.ErrUnexpectedEOF) || resp.StatusCode != 200 || string(body) != emptyList[:n] {
			t.Errorf("at %d: %v, %q", n, err, body)
		}
	}
	api.Inject(Fault{CutOff: 1000, Drip: time.Millisecond, Times: 1})
	if _, body, err := fetch(url); !errors.Is(err, io.ErrUnexpectedEOF) || string(body) != emptyList {
		t.Errorf("after the end: %v, %q", err, body)
	}
}

func TestReset(t *testing.T) {
	api, url := newServer(t)
	api.Inject(Fault{Reset: true})
	if resp, _, err := fetch(url); !errors.Is(err, io.EOF) {
		t.Errorf("%v, %v", resp, err)
	}
	if got := api.Requests(); len(got) != 1 || got[0].Status != 0 {
		t.Errorf("logged %+v", got)
	}
}

func TestDelays(t *testing.T) {
	const forever = 100 * time.Hour
	chunks := (len(emptyList) + dripChunk - 1) / dripChunk
	for _, tt := range []struct {
		name    string
		fault   Fault
		timeout time.Duration
		want    time.Duration
		body    string
	}{
		{"latency", Fault{Latency: time.Hour}, forever, time.Hour, emptyList},
		{"drip", Fault{Drip: time.Hour}, forever, time.Duration(chunks) * time.Hour, emptyList},
		{"latency, client leaves", Fault{Latency: time.Hour}, time.Second, time.Second, emptyList},
		{"drip, client leaves", Fault{Drip: time.Hour}, time.Second, time.Second, emptyList},
		{"hang, client leaves", Fault{Hang: true}, time.Second, time.Second, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			api := new(API)
			api.Account(testID)
			api.Inject(tt.fault)
			ctx, cancel := context.WithTimeout(t.Context(), tt.timeout)
			defer cancel()
			start := time.Now()
			w := httptest.NewRecorder()
			aborted := serve(api, w, httptest.NewRequestWithContext(ctx, "GET", testPath, nil))
			if got := time.Since(start); got != tt.want || w.Body.String() != tt.body || aborted != tt.fault.Hang {
				t.Errorf("%s: %q after %v, aborted %v", tt.name, w.Body, got, aborted)
			}
		})
	}
}

// serve reports whether the handler aborted the connection.
func serve(h http.Handler, w http.ResponseWriter, r *http.Request) (aborted bool) {
	defer func() {
		err, _ := recover().(error)
		aborted = errors.Is(err, http.ErrAbortHandler)
	}()
	h.ServeHTTP(w, r)
	return false
}

func TestDripFlushes(t *testing.T) {
	api, url := newServer(t)
	api.Inject(Fault{Drip: time.Hour})
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	chunk := make([]byte, dripChunk)
	if _, err := io.ReadFull(resp.Body, chunk); err != nil || string(chunk) != emptyList[:dripChunk] {
		t.Errorf("%q, %v", chunk, err)
	}
}
