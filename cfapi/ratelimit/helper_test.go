package ratelimit

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

const (
	apiWindow = 5 * time.Minute
	// tick is the time that two requests must be apart beyond 5 minutes.
	tick = time.Nanosecond
	// many is the maximum that available returns.
	many = 20
)

// reserve reserves a request that must be allowed.
func reserve(t *testing.T, l *Limiter, r Request) (done func(Outcome)) {
	t.Helper()
	done, err := l.Reserve(r)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

// sent is the outcome of a request whose response has no header.
var sent = Outcome{Sent: true, Header: http.Header{}}

// receive sends a request and receives the response at the same time.
func receive(t *testing.T, l *Limiter, resp *http.Response) {
	t.Helper()
	done := reserve(t, l, Request{})
	done(Outcome{Sent: true, Header: resp.Header, TooMany: resp.StatusCode == http.StatusTooManyRequests})
}

// response returns a response with the given values of Ratelimit and Ratelimit-Policy.
func response(limit, policy string) *http.Response {
	header := http.Header{"Ratelimit": {limit}, "Ratelimit-Policy": {policy}}
	return &http.Response{StatusCode: http.StatusOK, Header: header}
}

// available returns the number of further requests that can be in flight at the same time,
// and the error of the next one. It sends none of them.
func available(l *Limiter) (n int, err error) {
	for ; n < many; n++ {
		done, err := l.Reserve(Request{})
		if err != nil {
			return n, err
		}
		defer done(Outcome{})
	}
	return n, nil
}

// checkAvailable checks the number of available requests, and the time at which one more can
// be sent.
func checkAvailable(t *testing.T, l *Limiter, want int, until time.Time) {
	t.Helper()
	n, err := available(l)
	if got := heldUntil(err); n != want || !got.Equal(until) {
		t.Errorf("%d requests are available, and the next one at %v; want %d, and %v", n, got, want, until)
	}
	if got := l.Status("").HoldOffUntil; n == 0 && !got.Equal(until) {
		t.Errorf("the status is a hold-off until %v, want %v", got, until)
	}
}

// heldUntil returns the end of the hold-off, or the zero time if err is another error
// or nil.
func heldUntil(err error) time.Time {
	if held, ok := errors.AsType[*HoldOffError](err); ok {
		return held.Until
	}
	return time.Time{}
}
