package ratelimit

import (
	"math"
	"sync"
	"time"
)

// window is the length of the sliding window. The extra nanosecond makes it
// inclusive at both ends.
const window = 5*time.Minute + time.Nanosecond

// Low-priority requests leave 1/headroom of the limit unused, because requests
// recur slightly before their predecessors leave the window.
const headroom = 25

// A Limiter decides which requests with one credential may be sent. Its zero value
// applies the API's limits only. It is safe for concurrent use and must not be
// copied after first use.
type Limiter struct {
	// Limit is the maximum number of requests in any 5 minutes; 0 is no maximum.
	// It must not change after first use.
	Limit int

	mu       sync.Mutex
	inFlight int
	ended    []time.Time // ends of requests within the window, oldest first
	holdOff  time.Time   // nothing is sent before
	withheld uint64
	policies map[string]*policy
	queue    fairQueue

	secret   uint64    // hash of the secret used last
	refused  refusals  // of that secret, for any account
	accepted time.Time // when the API last accepted it
}

// A Request is a request to be sent.
type Request struct {
	Account      string // account that it lists; "" if none
	Secret       uint64 // hash of the token or key; a new one ends a pause after refusals
	Continuation bool   // part of a call under way: a further page or a retry
	LowPriority  bool   // leaves the requests that the accounts need
}

// Reserve reserves one request. The caller must call Done on the
// Reservation. If the request must not be sent, Reserve returns a *HoldOffError.
func (l *Limiter) Reserve(r Request) (*Reservation, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.useSecret(r.Secret)
	l.queue.touch(now, r.Account)
	if until := l.refusedUntil(r.Account); now.Before(until) {
		l.withheld++
		return nil, &HoldOffError{Until: until, cause: causeRefused}
	}
	first := 0 // requests to leave to others
	switch available := l.available(now); {
	case r.Continuation || available <= 0:
	case r.LowPriority:
		first = l.queue.due(now, l.fairInterval()) + l.Limit/headroom
	case available < int64(len(l.queue.accounts)): // otherwise each account can have one
		first = l.queue.ahead(now, r.Account)
	}
	if until, cause := l.readyAt(now, int64(first)+1); now.Before(until) {
		l.withheld++
		if first > 0 {
			cause = causeTurn
		}
		return nil, &HoldOffError{Until: until, cause: cause}
	}
	l.inFlight++
	l.queue.begin(now, r)
	return &Reservation{limiter: l, account: r.Account, secret: r.Secret, start: now}, nil
}

// fairInterval returns the interval at which every known account can be listed
// without exceeding the limit.
func (l *Limiter) fairInterval() time.Duration {
	if l.Limit <= 0 {
		return 0
	}
	return window / time.Duration(l.Limit) * time.Duration(len(l.queue.accounts))
}

// available returns the number of requests that could be sent now.
func (l *Limiter) available(now time.Time) int64 {
	if now.Before(l.holdOff) {
		return 0
	}
	n := int64(math.MaxInt64)
	if l.Limit > 0 {
		n = l.localRemaining(now)
	}
	for _, p := range l.policies {
		if now.Before(p.latest) {
			n = min(n, l.remoteRemaining(p))
		}
	}
	return n
}

// readyAt returns the earliest time at which n requests can be sent if none is
// sent before, and the cause of the wait. A time that is not after now means now.
func (l *Limiter) readyAt(now time.Time, n int64) (time.Time, cause) {
	until, why := l.holdOff, causeAPI
	extend := func(t time.Time, c cause) {
		if t.After(until) {
			until, why = t, c
		}
	}
	if l.Limit > 0 {
		if short := n - l.localRemaining(now); short > int64(len(l.ended)) {
			extend(now.Add(window), causeLimit) // the end of a request in flight is unknown
		} else if short > 0 {
			extend(l.ended[short-1].Add(window), causeLimit)
		}
	}
	for _, p := range l.policies {
		if now.Before(p.latest) && l.remoteRemaining(p) < n {
			extend(p.latest, causeReserve)
		}
	}
	return until, why
}

// localRemaining returns the number of requests that the sliding window allows.
func (l *Limiter) localRemaining(now time.Time) int64 {
	for len(l.ended) > 0 && now.Sub(l.ended[0]) >= window {
		l.ended = l.ended[1:]
	}
	return int64(l.Limit - l.inFlight - len(l.ended))
}

// remoteRemaining returns the number of requests that the API allows this client
// in its window. The reported number may not include requests in flight.
func (l *Limiter) remoteRemaining(p *policy) int64 {
	return p.left - p.reserve(l.Limit) - int64(l.inFlight)
}

// holdOffUntil never shortens a hold-off: the response may be to an older request.
func (l *Limiter) holdOffUntil(t time.Time) {
	if t.After(l.holdOff) {
		l.holdOff = t
	}
}
