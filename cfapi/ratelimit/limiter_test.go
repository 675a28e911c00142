package ratelimit

import (
	"math/rand/v2"
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
				reserve(t, l, Request{}).Done(true)
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
		res := reserve(t, l, Request{})
		checkAvailable(t, l, 0, time.Now().Add(apiWindow+tick))
		time.Sleep(10 * time.Second)
		res.Done(true)
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
	var sent atomic.Int64
	var clients sync.WaitGroup
	for range 50 {
		clients.Go(func() {
			for range 10 {
				if res, err := l.Reserve(Request{Account: "a"}); err == nil {
					sent.Add(1)
					res.Update(response(`"default";r=500;t=30`, `"default";q=500`))
					res.Done(true)
				}
				l.Status()
			}
		})
	}
	clients.Wait()
	if n, withheld := sent.Load(), l.Status().Withheld; n != 100 || withheld != 400 {
		t.Errorf("%d requests were sent and %d withheld, want 100 and 400", n, withheld)
	}
}

// referenceLimiter keeps the end of every request, in the future while it is in flight.
type referenceLimiter struct {
	limit int
	ends  []time.Time
}

func (l *referenceLimiter) allows(now time.Time) bool {
	count := 0
	for _, end := range l.ends {
		if now.Sub(end) <= apiWindow {
			count++
		}
	}
	return count < l.limit
}

// until returns the time at which a request is allowed. It does not use the ends of requests in flight.
func (l *referenceLimiter) until(now time.Time) time.Time {
	first := now.Add(apiWindow + tick)
	for _, end := range l.ends {
		if at := end.Add(apiWindow + tick); !end.After(now) && at.Before(first) && l.allows(at) {
			first = at
		}
	}
	return first
}

func TestReferenceLimiter(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the same times in each run
		synctest.Test(t, func(t *testing.T) {
			reference := &referenceLimiter{limit: 1 + r.IntN(20)}
			l := &Limiter{Limit: reference.limit}
			pause := apiWindow * time.Duration(1+r.IntN(3)) / time.Duration(l.Limit)
			for range 300 {
				now, want := time.Now(), time.Time{}
				duration := time.Duration(r.Int64N(int64(20 * time.Second)))
				if !reference.allows(now) {
					want = reference.until(now)
				}
				res, err := l.Reserve(Request{})
				if got := heldUntil(err); !got.Equal(want) {
					t.Fatalf("seed %d at %v: held off until %v, want %v", seed, now, got, want)
				}
				if err == nil {
					reference.ends = append(reference.ends, now.Add(duration))
					time.AfterFunc(duration, func() { res.Done(true) })
				}
				time.Sleep(time.Duration(r.Int64N(int64(pause))))
				synctest.Wait()
			}
		})
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
		"t<0":                {200, "", `"default";r=0;t=-30`, time.Second},
		"t of an hour":       {200, "", `"default";r=0;t=3600`, 10 * time.Minute},
		"t is no number":     {200, "", `"default";r=0;t="30"`, time.Minute},
		"malformed":          {200, "", `"default;r=0;t=30`, 0},
		"second of two":      {200, "", `"a";r=5;t=60, "b";r=0;t=30`, 30 * time.Second},
		"both of two":        {200, "", `"a";r=0;t=40, "b";r=0;t=30`, 40 * time.Second},
		"ninth policy":       {200, "", `"0";r=5,"1";r=5,"2";r=5,"3";r=5,"4";r=5,"5";r=5,"6";r=5,"7";r=5,"8";r=0;t=30`, 30 * time.Second},
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
				reserve(t, l, Request{}).Done(true)
			})
		})
	}
}

// Responses may arrive out of order.
func TestHoldOffIsNeverShortened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		start := time.Now()
		slow := reserve(t, l, Request{})
		receive(t, l, &http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {"300"}}})
		time.Sleep(10 * time.Second)
		slow.TooMany(http.Header{"Retry-After": {"30"}})
		slow.Done(true)
		checkAvailable(t, l, 0, start.Add(apiWindow))
	})
}

// No more times are kept than Limit, and none without it.
func TestTimesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, limit := range []int{0, 10} {
			l := &Limiter{Limit: limit}
			for range 1000 {
				if n, _ := available(l); n > 0 {
					reserve(t, l, Request{}).Done(true)
				}
				if n := len(l.ended); n > limit || cap(l.ended) > 64 {
					t.Fatalf("limit %d: %d times are kept, and there is memory for %d", limit, n, cap(l.ended))
				}
				time.Sleep(10 * time.Second)
			}
		}
	})
}
