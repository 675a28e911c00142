package cfapi_test

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

type policies = map[string]cfapi.Policy

func TestPolicies(t *testing.T) {
	for name, test := range map[string]struct {
		limit, policy []string
		want          policies
	}{
		"documented":    {[]string{`"default";r=50;t=30`}, []string{`"default";q=1200;w=300`}, policies{"default": {Remaining: 50, Quota: 1200}}},
		"none":          {nil, nil, policies{}},
		"only limit":    {[]string{`"a";r=5`}, nil, policies{"a": {Remaining: 5, Quota: -1}}},
		"only policy":   {nil, []string{`"a";q=5`}, policies{"a": {Remaining: -1, Quota: 5}}},
		"several":       {[]string{`"a";r=1;t=2, "b";r=3`}, []string{`"b";q=4,"c";q=5`}, policies{"a": {1, -1}, "b": {3, 4}, "c": {-1, 5}}},
		"several lines": {[]string{`"a";r=1`, `"b";r=3`}, []string{`"b";q=4`, `"a";q=5`}, policies{"a": {1, 5}, "b": {3, 4}}},
		"same twice":    {[]string{`"a";r=9, "a";r=8`}, nil, policies{"a": {8, -1}}},
		"no numbers":    {[]string{`"a";t=1`}, []string{`"a";w=1`}, policies{}},
		"other types":   {[]string{`"a";r="5", "b";r=5.5, "c";r, "d";r=?1`}, []string{`a;q=5, 7;q=5, ("a");q=5`}, policies{}},
		"token names":   {[]string{`default;r=5`}, nil, policies{}},
		"draft 7":       {[]string{`limit=100, remaining=50, reset=5`}, nil, policies{}},
		"malformed":     {[]string{`"a;r=5`}, []string{`"a";q=5;`}, policies{}},
		"one malformed": {[]string{`"a";r=5`, `"b`}, []string{`"a";q=7`}, policies{"a": {-1, 7}}},
		"not ASCII":     {[]string{`"ä";r=5`}, nil, policies{}},
		"empty":         {[]string{``}, []string{` `}, policies{}},
		"quoted":        {[]string{`"a \"b\"";r=5`}, nil, policies{`a "b"`: {5, -1}}},
		"unknown":       {[]string{`"a";r=5;pk=:YQ==:;x`}, nil, policies{"a": {5, -1}}},
		"out of range":  {[]string{`"a";r=9999999999999999`}, nil, policies{}},
	} {
		t.Run(name, func(t *testing.T) {
			api, client := serve(t)
			api.Inject(cfapitest.Fault{Headers: http.Header{"Ratelimit": test.limit, "Ratelimit-Policy": test.policy}})
			listOnly(t, client)
			if got := client.Limits().Policies; !maps.Equal(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

// The API must not be able to fill the memory with names.
func TestPoliciesAreBounded(t *testing.T) {
	api, client := serve(t)
	var many []string
	for i := range 20 {
		many = append(many, fmt.Sprintf(`"p%02d";r=%d;q=%d`, i, i+1, i+1))
	}
	header := strings.Join(many, ", ")
	api.Inject(cfapitest.Fault{Times: 1, Headers: http.Header{"Ratelimit": {header}, "Ratelimit-Policy": {header}}})
	api.Inject(cfapitest.Fault{Headers: http.Header{"Ratelimit": {`"p00";r=77, "new";r=1`}, "Ratelimit-Policy": nil}})
	for range 2 {
		listOnly(t, client)
	}
	got := client.Limits().Policies
	if len(got) != 8 || got["p00"] != (cfapi.Policy{Remaining: 77, Quota: 1}) || got["p07"] != (cfapi.Policy{Remaining: 8, Quota: 8}) {
		t.Errorf("got %+v, want the first eight, the first of them renewed", got)
	}
}

// What Limits returns is the caller's.
func TestLimitsIsACopy(t *testing.T) {
	api, client := serve(t)
	if l := client.Limits(); !l.HoldOffUntil.IsZero() || l.Withheld != 0 || len(l.Policies) != 0 {
		t.Errorf("before any answer: %+v", l)
	}
	api.Inject(limited(`"default";r=5;t=30`))
	listOnly(t, client)
	client.Limits().Policies["default"] = cfapi.Policy{}
	if got := client.Limits().Policies["default"].Remaining; got != 5 {
		t.Errorf("remaining %d, want 5", got)
	}
}

// The simulated API's own limit: the client never runs into a second refusal.
func TestLimitOfTheAPI(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		for range 1200 {
			listOnly(t, client)
		}
		if got := client.Limits().Policies["default"]; got != (cfapi.Policy{Remaining: 0, Quota: 1200}) {
			t.Errorf("%+v at the end of the window", got)
		}
		for range 50 {
			wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited)
		}
		wantRequests(t, api, 1200)
		time.Sleep(5 * time.Minute)
		listOnly(t, client)
	})
}

// The delay is told even where it holds nothing off.
func TestRetryAfterOfAnError(t *testing.T) {
	for value, want := range map[string]time.Duration{"": 0, "soon": 0, "7": 7 * time.Second, "0": time.Second, "99999": 10 * time.Minute} {
		api, client := serve(t)
		api.Inject(cfapitest.Fault{Status: 403, RetryAfter: value})
		err := list(t.Context(), client).err
		if e, ok := errors.AsType[*cfapi.Error](err); !ok || e.RetryAfter != want {
			t.Errorf("%q: %#v, want %v", value, e, want)
		}
	}
}
