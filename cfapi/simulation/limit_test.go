package simulation

import (
	"testing"
	"time"
)

func TestRateLimit(t *testing.T) {
	api, _, clock := newAPI()
	for range quota {
		if w := send(api, "GET", testPath, "Bearer a"); w.Code != 200 {
			t.Fatalf("within the quota: %d", w.Code)
		}
	}
	for _, step := range []struct {
		name       string
		wait       time.Duration
		credential string
		status     int
		retryAfter string
		remaining  string
	}{
		{"over the quota", 10 * time.Second, "Bearer a", 429, "290", `"default";r=0;t=290`},
		{"another credential", 0, "Bearer b", 200, "", `"default";r=1199;t=300`},
		{"just before the end", 290*time.Second - 1, "Bearer a", 429, "1", `"default";r=0;t=1`},
		{"after the end", 1, "Bearer a", 200, "", `"default";r=1199;t=300`},
	} {
		clock.advance(step.wait)
		w := send(api, "GET", testPath, step.credential)
		retryAfter, remaining := w.Header().Get("Retry-After"), w.Header().Get("Ratelimit")
		if w.Code != step.status || retryAfter != step.retryAfter || remaining != step.remaining {
			t.Errorf("%s: %d, Retry-After %s, Ratelimit %s", step.name, w.Code, retryAfter, remaining)
		}
		if want := refused(971, "Please wait and consider throttling your request speed"); w.Code == 429 && w.Body.String() != want {
			t.Errorf("%s: %s", step.name, w.Body)
		}
	}
}
