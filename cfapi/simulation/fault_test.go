package simulation

import (
	"net/http"
	"slices"
	"testing"
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
	api, _, _ := newAPI()
	for _, tt := range faultTests {
		api.Inject(tt.fault)
		w := get(api, testPath)
		api.Heal()
		if w.Code != tt.status || w.Body.String() != tt.body {
			t.Errorf("%s: %d %s", tt.name, w.Code, w.Body)
		}
		for name, want := range tt.header {
			if got := w.Header().Values(name); !slices.Equal(got, want) {
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
