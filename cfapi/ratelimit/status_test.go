package ratelimit

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestStatus(t *testing.T) {
	l := new(Limiter)
	if got := l.Status(); !got.HoldOffUntil.IsZero() || got.Withheld != 0 || len(got.Policies) != 0 {
		t.Errorf("before any response: %+v", got)
	}
	receive(t, l, response(`"default";r=5;t=30`, ""))
	l.Status().Policies["default"] = Policy{} // the map is a copy
	if got := l.Status().Policies["default"].Remaining; got != 5 {
		t.Errorf("remaining %d, want 5", got)
	}
}

func TestHoldOffError(t *testing.T) {
	tooMany := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}}
	for want, test := range map[string]struct {
		limit int
		resp  *http.Response
	}{
		"held off until 2000-01-01T00:00:30Z: the API's rate limit is reached":                                          {4, tooMany},
		"held off until 2000-01-01T00:05:00Z: the configured limit of requests in 5 minutes is reached":                 {3, response(`"a";r=5;t=30`, `"a";q=10`)},
		"held off until 2000-01-01T00:00:30Z: the rest of the API's rate limit is in use or reserved for other clients": {6, response(`"a";r=4;t=30`, `"a";q=10`)},
		"deferred until 2000-01-01T00:05:00Z: few requests are available, and other accounts have waited longer":        {4, response(`"a";r=9;t=30`, `"a";q=10`)},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &Limiter{Limit: test.limit}
			request(l, "ab")
			receive(t, l, test.resp)
			if _, err := l.Reserve(Request{Account: "b"}); err == nil || err.Error() != want {
				t.Errorf("\n got %v\nwant %s", err, want)
			}
		})
	}
}

// The requests of all accounts to be served before have to leave the window.
func TestDeferredUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, start := &Limiter{Limit: 4}, time.Now()
		for _, account := range "abc" {
			request(l, string(account))
			time.Sleep(time.Minute)
		}
		_, err := l.Reserve(Request{Account: "c"})
		if got, want := heldUntil(err), start.Add(6*time.Minute+tick); !got.Equal(want) {
			t.Errorf("deferred until %v, want %v", got, want)
		}
	})
}
