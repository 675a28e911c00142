package cfapitest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEmptyList(t *testing.T) {
	api := new(API)
	api.Account(testID)
	for _, prefix := range []string{"", "/client/v4"} {
		w := ask(api, http.MethodGet, prefix+testPath, "")
		const want = `{"result":[],"success":true,"errors":[],"messages":[]}`
		if w.Code != http.StatusOK || w.Body.String() != want {
			t.Errorf("%q: %d %s, want %s", prefix, w.Code, w.Body, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	const unknown = "/accounts/ffffffffffffffffffffffffffffffff/pcaps"
	notFound := func(path string) message {
		return message{7003, "Could not route to " + path + ", perhaps your object identifier is invalid?"}
	}
	unauthorized := message{10000, "Authentication error"}
	tests := []struct {
		method, path, authorization string
		status                      int
		want                        message
	}{
		{"GET", testPath, "", 401, unauthorized},
		{"GET", testPath, "Bearer wrong", 401, unauthorized},
		{"GET", unknown, "Bearer wrong", 401, unauthorized},
		{"GET", unknown, "Bearer good", 404, notFound(unknown)},
		{"GET", "/accounts/" + testID, "Bearer good", 404, notFound("/accounts/" + testID)},
		{"GET", testPath + "/1", "Bearer good", 404, notFound(testPath + "/1")},
		{"GET", "/", "Bearer good", 404, notFound("/")},
		{"POST", testPath, "Bearer good", 405, message{10405, "Method Not Allowed"}},
	}
	api := &API{Token: "good"}
	api.Account(testID)
	for _, tt := range tests {
		w := ask(api, tt.method, tt.path, tt.authorization)
		got := parse(t, w.Body.Bytes())
		if w.Code != tt.status || got.Success || !slices.Equal(got.Errors, []message{tt.want}) {
			t.Errorf("%s %s: %d %+v", tt.method, tt.path, w.Code, got)
		}
	}
	if w := ask(api, "GET", testPath, "Bearer good"); w.Code != http.StatusOK {
		t.Errorf("with the token: %d", w.Code)
	}
}

func TestHeaders(t *testing.T) {
	clock := newClock()
	api := &API{Now: clock.now}
	ask(api, "GET", "/", "")
	clock.pass(90*time.Second + time.Millisecond)
	w := ask(api, "GET", "/", "")
	want := http.Header{
		"Content-Type":     {"application/json"},
		"Cf-Ray":           {"0000000000000002-SIM"},
		"Ratelimit":        {`"default";r=1198;t=210`},
		"Ratelimit-Policy": {`"default";q=1200;w=300`},
	}
	for name, values := range want {
		if got := w.Header().Values(name); !slices.Equal(got, values) {
			t.Errorf("%s: %q, want %q", name, got, values)
		}
	}
}

func TestRateLimit(t *testing.T) {
	clock := newClock()
	api := &API{Now: clock.now}
	api.Account(testID)
	for range quota {
		if w := ask(api, "GET", testPath, "Bearer a"); w.Code != http.StatusOK {
			t.Fatalf("within the quota: %d", w.Code)
		}
	}
	clock.pass(10 * time.Second)
	w := ask(api, "GET", testPath, "Bearer a")
	if got := w.Header().Get("Ratelimit"); got != `"default";r=0;t=290` {
		t.Errorf("Ratelimit: %s", got)
	}
	if w.Code != 429 || w.Header().Get("Retry-After") != "290" || parse(t, w.Body.Bytes()).Errors[0].Code != 971 {
		t.Errorf("over the quota: %d %s %s", w.Code, w.Header(), w.Body)
	}
	if w := ask(api, "GET", testPath, "Bearer b"); w.Code != http.StatusOK {
		t.Errorf("another credential: %d", w.Code)
	}
	clock.pass(290*time.Second - 1)
	if w := ask(api, "GET", testPath, "Bearer a"); w.Code != 429 || w.Header().Get("Retry-After") != "1" {
		t.Errorf("just before the end: %d %s", w.Code, w.Header())
	}
	clock.pass(1)
	if w := ask(api, "GET", testPath, "Bearer a"); w.Code != http.StatusOK {
		t.Errorf("after the end: %d", w.Code)
	}
}

func TestRequests(t *testing.T) {
	clock := newClock()
	api := &API{Now: clock.now}
	api.Account(testID)
	r := httptest.NewRequest("GET", "/client/v4"+testPath+"?page=2", nil)
	r.Header.Set("User-Agent", "tester/1")
	api.ServeHTTP(httptest.NewRecorder(), r)
	clock.pass(time.Second)
	ask(api, "POST", "/x", "")
	want := []Request{
		{newClock().now(), "GET", "/client/v4" + testPath, "page=2", "tester/1", 200},
		{clock.now(), "POST", "/x", "", "", 404},
	}
	if got := api.Requests(); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for range maxRequests {
		ask(api, "GET", "/y", "")
	}
	if got := api.Requests(); len(got) != maxRequests || got[0].Path != "/y" {
		t.Errorf("%d requests kept, the first to %s", len(got), got[0].Path)
	}
}

func TestParallelUse(t *testing.T) {
	api, url := serve(t)
	api.Inject(Fault{Status: 500, Times: 3})
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			acc := api.Account(strings.Repeat("a", i))
			_, _ = acc.Submit(Capture{})
			acc.Paged(i, true)
			api.Inject(Fault{Account: "none"})
			if _, _, err := fetch(url, patience); err != nil {
				t.Error(err)
			}
			api.Requests()
		})
	}
	wg.Wait()
	failed := 0
	for _, r := range api.Requests() {
		if r.Status == 500 {
			failed++
		}
	}
	if failed != 3 {
		t.Errorf("%d requests met the fault, want 3", failed)
	}
}
