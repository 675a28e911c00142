package ratelimit

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The limit holds for every 5 minutes, both ends included.
func TestSlidingWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Limit: 10}
		start := time.Now()
		for _, step := range []struct {
			at        time.Duration
			send      int
			available int
			until     time.Duration
		}{
			{0, 1, 9, apiWindow + tick},
			{299 * time.Second, 9, 0, apiWindow + tick},
			{apiWindow, 0, 0, apiWindow + tick},
			{apiWindow + tick, 0, 1, 599*time.Second + tick},
			{apiWindow + tick, 1, 0, 599*time.Second + tick},
			{599 * time.Second, 0, 0, 599*time.Second + tick},
			{599*time.Second + tick, 9, 0, 2 * (apiWindow + tick)},
			{time.Hour, 0, 10, time.Hour + apiWindow + tick},
		} {
			time.Sleep(time.Until(start.Add(step.at)))
			for range step.send {
				reserve(t, l, Request{})(sent)
			}
			checkAvailable(t, l, step.available, start.Add(step.until))
		}
	})
}

// A request counts until 5 minutes after its end, because the API received it at some
// time before.
func TestInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Limit: 1}
		done := reserve(t, l, Request{})
		checkAvailable(t, l, 0, time.Now().Add(apiWindow+tick))
		time.Sleep(10 * time.Second)
		done(sent)
		until := time.Now().Add(apiWindow + tick)
		checkAvailable(t, l, 0, until)
		time.Sleep(apiWindow)
		checkAvailable(t, l, 0, until)
		time.Sleep(tick)
		checkAvailable(t, l, 1, time.Now().Add(apiWindow+tick))
	})
}

func TestParallel(t *testing.T) {
	l := &Limiter{Limit: 100}
	var n atomic.Int64
	var clients sync.WaitGroup
	for range 50 {
		clients.Go(func() {
			for range 10 {
				if done, err := l.Reserve(Request{Account: "a"}); err == nil {
					n.Add(1)
					done(Outcome{Sent: true, Header: response(`"default";r=500;t=30`, `"default";q=500`).Header})
				}
				l.Status("")
			}
		})
	}
	clients.Wait()
	if n, throttled := n.Load(), l.Status("").TotalThrottled(); n != 100 || throttled != 400 {
		t.Errorf("%d requests were sent and %d throttled, want 100 and 400", n, throttled)
	}
}

func TestHoldOff(t *testing.T) {
	for name, test := range map[string]struct {
		status     int
		retryAfter string
		limit      string
		want       time.Duration // 0 is none
	}{
		"429":                {429, "30", "", 30 * time.Second},
		"429 without a time": {429, "", "", time.Minute},
		"429 with a bad one": {429, "soon", "", time.Minute},
		"503":                {503, "30", "", 0},
		"r=0":                {200, "", `"default";r=0;t=30`, 30 * time.Second},
		"r=0 without t":      {200, "", `"default";r=0`, time.Minute},
		"r<0":                {200, "", `"default";r=-1;t=30`, 0},
		"r=1":                {200, "", `"default";r=1;t=30`, 0},
		"no r":               {200, "", `"default";t=30`, 0},
		"404 with r=0":       {404, "", `"default";r=0;t=9`, 9 * time.Second},
		"t=0":                {200, "", `"default";r=0;t=0`, time.Second},
		"t<0":                {200, "", `"default";r=0;t=-30`, time.Minute},
		"t of an hour":       {200, "", `"default";r=0;t=3600`, 10 * time.Minute},
		"t is no number":     {200, "", `"default";r=0;t="30"`, time.Minute},
		"malformed":          {200, "", `"default;r=0;t=30`, 0},
		"second of two":      {200, "", `"a";r=5;t=60, "b";r=0;t=30`, 30 * time.Second},
		"both of two":        {200, "", `"a";r=0;t=40, "b";r=0;t=30`, 40 * time.Second},
		"longer r=0":         {429, "20", `"default";r=0;t=90`, 90 * time.Second},
		"longer 429":         {429, "90", `"default";r=0;t=20`, 90 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, start := new(Limiter), time.Now()
				header := http.Header{"Retry-After": {test.retryAfter}, "Ratelimit": {test.limit}}
				receive(t, l, &http.Response{StatusCode: test.status, Header: header})
				if test.want > 0 {
					until := start.Add(test.want)
					checkAvailable(t, l, 0, until)
					time.Sleep(test.want - tick)
					checkAvailable(t, l, 0, until)
					time.Sleep(tick)
				}
				reserve(t, l, Request{})(sent)
			})
		})
	}
}

// Responses may arrive out of order.
func TestHoldOffIsNeverShortened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, until := new(Limiter), time.Now().Add(5*time.Minute)
		slow := reserve(t, l, Request{})
		receive(t, l, &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"300"}}})
		slow(Outcome{Sent: true, Header: http.Header{"Retry-After": {"30"}}, TooMany: true})
		checkAvailable(t, l, 0, until)
	})
}

// No more times are kept than Limit, and none without it.
func TestTimesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, limit := range []int{0, 10} {
			l := &Limiter{Limit: limit}
			for range 1000 {
				if n, _ := available(l); n > 0 {
					reserve(t, l, Request{})(sent)
				}
				if ended := l.budgets[0].ended; len(ended) > limit || cap(ended) > 64 {
					t.Fatalf("limit %d: %d times are kept, and there is memory for %d", limit, len(ended), cap(ended))
				}
				time.Sleep(10 * time.Second)
			}
		}
	})
}

// Each secret has a budget of its own, whatever its name, which is dropped when it was not used
// for an hour.
func TestBudgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Limit: 1}
		for secret := range uint64(3) {
			reserve(t, l, Request{Credential: "a", Secret: secret})(sent)
			if _, err := l.Reserve(Request{Credential: "b", Secret: secret}); err == nil {
				t.Errorf("secret %d has more than its limit", secret)
			}
		}
		for name, throttled := range map[string]uint64{"a": 0, "b": 3} {
			got := l.Status(name)
			if !got.HoldOffUntil.Equal(time.Now().Add(apiWindow+tick)) || got.Throttled[CauseRateLimit] != throttled || got.TotalThrottled() != throttled {
				t.Errorf("%s: %+v", name, got)
			}
		}
		time.Sleep(maxUnused)
		reserve(t, l, Request{Secret: 2})(sent)
		time.Sleep(tick)
		reserve(t, l, Request{Secret: 3})(sent)
		if len(l.budgets) != 2 || l.budgets[2] == nil {
			t.Errorf("%d budgets are kept, want 2", len(l.budgets))
		}
	})
}
