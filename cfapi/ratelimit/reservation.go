package ratelimit

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"time"
)

// A Reservation is a request that may be sent.
type Reservation struct {
	limiter *Limiter
	account string
	start   time.Time
	traced  bool // the transport reports its connections
	sent    int  // times that the transport sent the request, or was about to
}

// WithTrace returns a context that counts how often the transport sends the
// request: never if it cannot connect, and again if a kept connection turns out to
// be broken.
func (r *Reservation) WithTrace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) {
			r.limiter.mu.Lock()
			defer r.limiter.mu.Unlock()
			r.traced = true
		},
		GotConn: func(httptrace.GotConnInfo) {
			r.limiter.mu.Lock()
			defer r.limiter.mu.Unlock()
			if r.sent++; r.sent > 1 {
				r.limiter.inFlight++
			}
		},
	})
}

// Update applies the rate-limit headers of a response.
func (r *Reservation) Update(resp *http.Response) {
	l := r.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if resp.StatusCode == http.StatusTooManyRequests {
		wait := RetryAfter(now, resp.Header)
		if wait == 0 {
			wait = defaultHoldOff
		}
		l.holdOffUntil(now.Add(wait))
	}
	for _, item := range parseList(resp.Header.Values("Ratelimit-Policy")) {
		if quota, ok := item.params["q"]; ok {
			if p := l.policy(item.name); p != nil {
				p.Quota, p.seconds = quota, item.params["w"]
			}
		}
	}
	for _, item := range parseList(resp.Header.Values("Ratelimit")) {
		if remaining, ok := item.params["r"]; ok {
			reset := resetAfter(item.params)
			if p := l.policy(item.name); p != nil {
				p.update(r.start, now, remaining, reset)
			}
			if remaining <= 0 {
				l.holdOffUntil(now.Add(reset))
			}
		}
	}
}

// Done ends the reservation after the request, with or without a response.
func (r *Reservation) Done(responded bool) {
	r.limiter.mu.Lock()
	defer r.limiter.mu.Unlock()
	if responded || !r.traced {
		r.sent = max(1, r.sent)
	}
	r.end(responded)
}

// Cancel ends the reservation of a request that was not sent.
func (r *Reservation) Cancel() {
	r.limiter.mu.Lock()
	defer r.limiter.mu.Unlock()
	r.end(false)
}

func (r *Reservation) end(responded bool) {
	l := r.limiter
	l.inFlight -= max(1, r.sent)
	l.queue.end(r.account)
	if l.Limit > 0 {
		for range r.sent {
			l.ended = append(l.ended, time.Now())
		}
	}
	if !responded {
		for _, p := range l.policies {
			p.lost(r.sent)
		}
	}
}
