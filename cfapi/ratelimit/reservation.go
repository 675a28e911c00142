package ratelimit

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"time"
)

// A Reservation is a request that may be sent, once.
type Reservation struct {
	limiter *Limiter
	account string
	secret  uint64
	start   time.Time
	sent    bool // the transport got a connection
}

// WithTrace returns a context that records whether the transport sends the request. A
// transport that cannot connect sends nothing.
func (r *Reservation) WithTrace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		r.limiter.mu.Lock()
		defer r.limiter.mu.Unlock()
		r.sent = true
	}})
}

// Update applies the rate-limit headers of a response.
func (r *Reservation) Update(resp *http.Response) {
	quotas, limits := parseList(resp.Header.Values("Ratelimit-Policy")), parseList(resp.Header.Values("Ratelimit"))
	l := r.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	for _, item := range quotas {
		if quota, ok := item.params["q"]; ok {
			if p := l.policy(item.name); p != nil {
				p.Quota, p.seconds = quota, item.params["w"]
			}
		}
	}
	for _, item := range limits {
		remaining, ok := item.params["r"]
		if !ok || remaining < 0 {
			continue
		}
		reset := resetAfter(item.params)
		if p := l.policy(item.name); p != nil {
			p.update(r.start, now, remaining, reset)
		}
		if remaining == 0 {
			l.holdOffUntil(now.Add(reset))
		}
	}
}

// TooMany records that the API refused the request because of its rate limit, by the
// status or in the body of the response.
func (r *Reservation) TooMany(header http.Header) {
	l := r.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	wait := RetryAfter(now, header)
	if wait == 0 {
		wait = defaultHoldOff
	}
	l.holdOffUntil(now.Add(wait))
}

// Done ends the reservation after the request, with or without a response. It reports
// whether the request was sent.
func (r *Reservation) Done(responded bool) (sent bool) {
	l := r.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	l.inFlight--
	l.queue.end(r.account)
	if !responded && !r.sent {
		return false
	}
	if l.Limit > 0 {
		l.ended = append(l.ended, time.Now())
	}
	if !responded {
		for _, p := range l.policies {
			p.lost()
		}
	}
	return true
}
