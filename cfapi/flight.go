package cfapi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"time"
)

// A flight is a request under way. It counts from its start until a window
// after its end, since nobody knows when between the two the API has counted it.
type flight struct {
	budget  *budget
	account string
	start   time.Time
	traced  bool // the transport tells of connections
	sent    int  // times that the transport has sent it, or was about to
}

// trace has the transport tell how often it sends the request: not at all if no
// connection can be made, and again if a kept connection turns out to be broken.
func (f *flight) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			f.budget.mu.Lock()
			defer f.budget.mu.Unlock()
			f.traced = true
		},
		GotConn: func(httptrace.GotConnInfo) {
			f.budget.mu.Lock()
			defer f.budget.mu.Unlock()
			if f.sent++; f.sent > 1 {
				f.budget.inFlight++
			}
		},
	})
}

// observe takes in what the answer says of limits.
func (f *flight) observe(resp *http.Response) {
	b := f.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if resp.StatusCode == http.StatusTooManyRequests {
		wait := retryAfter(now, resp.Header)
		if wait == 0 {
			wait = defaultHoldOff
		}
		b.extend(now.Add(wait))
	}
	for _, limit := range parseLimits(resp.Header.Values("Ratelimit-Policy")) {
		if quota, ok := limit.params["q"]; ok {
			if p := b.policy(limit.name); p != nil {
				p.Quota, p.seconds = quota, limit.params["w"]
			}
		}
	}
	for _, limit := range parseLimits(resp.Header.Values("Ratelimit")) {
		if remaining, ok := limit.params["r"]; ok {
			reset := resetAfter(limit.params)
			if p := b.policy(limit.name); p != nil {
				p.remaining(f.start, now, remaining, reset)
			}
			if remaining <= 0 {
				b.extend(now.Add(reset))
			}
		}
	}
}

// end takes the status of the answer, 0 if none came, and the error.
func (f *flight) end(status int, err error) {
	b := f.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inFlight -= max(1, f.sent)
	b.turns.end(f.account)
	sent := f.sent
	if status != 0 || !f.traced && !errors.Is(err, ErrCredentials) {
		sent = max(1, sent)
	}
	for range sent {
		if b.limit > 0 {
			b.ended = append(b.ended, time.Now())
		}
	}
	if status == 0 {
		for _, p := range b.policies {
			p.lost(sent)
		}
	}
}
