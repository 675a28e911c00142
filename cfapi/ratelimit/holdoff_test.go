package ratelimit

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

func TestHoldOffError(t *testing.T) {
	tooMany := &http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"30"}}}
	for want, test := range map[string]struct {
		limit int
		resp  *http.Response
	}{
		"held off until 2000-01-01T00:00:30Z: the API's rate limit is reached":                                          {4, tooMany},
		"held off until 2000-01-01T00:05:00Z: the configured limit of requests in 5 minutes is reached":                 {3, response(`"a";r=5;t=30`, `"a";q=10`)},
		"held off until 2000-01-01T00:00:30Z: the rest of the API's rate limit is in use or reserved for other clients": {6, response(`"a";r=4;t=30`, `"a";q=10`)},
		"held off until 2000-01-01T00:05:00Z: few requests are available, and other accounts have waited longer":        {4, response(`"a";r=9;t=30`, `"a";q=10`)},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := &Limiter{Limit: test.limit}
			for _, account := range []string{"a", "b"} {
				reserve(t, l, Request{Account: account})(sent)
				time.Sleep(time.Nanosecond)
			}
			receive(t, l, test.resp)
			if _, err := l.Reserve(Request{Account: "b"}); err == nil || err.Error() != want {
				t.Errorf("\n got %v\nwant %s", err, want)
			}
		})
	}
}
