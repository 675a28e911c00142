package ratelimit

import (
	"cmp"
	"maps"
	"net/http"
	"sync"
	"time"
)

// maxUnused is the time after which an unused budget is dropped. It exceeds every wait.
const maxUnused = time.Hour

// A Limiter decides which requests may be sent. Clients that share it share the budgets of
// their secrets. Its zero value applies the API's limits only. It is safe for concurrent use
// and must not be copied after first use.
type Limiter struct {
	// Limit is the maximum number of requests with each secret in any 5 minutes; 0 is no
	// maximum. It must not change after first use.
	Limit int

	mu        sync.Mutex
	budgets   map[uint64]*budget   // by secret
	latest    map[string]*budget   // of the secret used last, by credential
	throttled map[[2]string]uint64 // requests not sent, by credential and cause
}

// A Request is a request to be sent.
type Request struct {
	Credential   string // name for Status
	Secret       uint64 // hash of the token or key
	Account      string // account that it lists; "" if none
	Continuation bool   // part of a call under way: a further page or a retry
	LowPriority  bool   // leaves the requests that the accounts need
}

// An Outcome describes the end of a request.
type Outcome struct {
	Sent     bool        // the transport had a connection
	Header   http.Header // of the response; nil if there was none
	Accepted bool        // the API did what was requested
	Refused  bool        // the API refused the secret
	TooMany  bool        // the API refused the request because of its rate limit
}

// Reserve reserves one request. The caller must call done after the request. If the request
// must not be sent, Reserve returns a *HoldOffError.
func (l *Limiter) Reserve(r Request) (done func(Outcome), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	b := l.budget(now, r.Secret)
	l.latest[r.Credential] = b
	a := b.account(now, r.Account)
	until, cause := b.readyAt(now, 1)
	untilPlenty, _ := b.readyAt(now, len(b.accounts)) // one for each account
	switch {
	case now.Before(until) || r.Continuation:
	case r.LowPriority && b.refused >= tolerated: // an account may refuse to verify the token of a user
		until, cause = now.Add(firstPause), CauseRefused
	case r.LowPriority:
		until, _ = b.readyAt(now, 1+b.limit/headroom+b.listedBefore(now.Add(-window)))
		cause = CauseFairness
	case now.Before(untilPlenty):
		until, _ = b.readyAt(now, 1+b.listedBefore(a.listed))
		cause = CauseFairness
	}
	if now.Before(until) {
		l.throttled[[2]string{r.Credential, cause}]++
		return nil, &HoldOffError{Until: until, Cause: cause}
	}
	b.begin(now, a, r.Continuation)
	return func(o Outcome) {
		l.mu.Lock()
		defer l.mu.Unlock()
		b.end(now, time.Now(), a, o)
	}, nil
}

// budget returns the budget of the secret.
func (l *Limiter) budget(now time.Time, secret uint64) *budget {
	b, ok := l.budgets[secret]
	if !ok {
		maps.DeleteFunc(l.budgets, func(_ uint64, b *budget) bool { return now.Sub(b.used) > maxUnused })
		if l.budgets == nil {
			l.budgets, l.latest, l.throttled = make(map[uint64]*budget), make(map[string]*budget), make(map[[2]string]uint64)
		}
		b = &budget{limit: l.Limit, policies: make(map[string]Policy), accounts: make(map[string]*account)}
		l.budgets[secret] = b
	}
	b.used = now
	return b
}

// Status is the state of the rate limit of a credential.
type Status struct {
	Name         string            // of the credential
	HoldOffUntil time.Time         // no request is sent before; past or zero if one can be sent now
	Throttled    map[string]uint64 // requests not sent, by cause; each cause is there
	Policies     map[string]Policy // limits reported by the API, by name
}

// Status returns the state of the rate limit of a credential. The maps are the caller's.
func (l *Limiter) Status(name string) Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := cmp.Or(l.latest[name], new(budget))
	until, _ := b.readyAt(time.Now(), 1)
	s := Status{Name: name, HoldOffUntil: until, Throttled: make(map[string]uint64), Policies: maps.Clone(b.policies)}
	for _, cause := range Causes() {
		s.Throttled[cause] = l.throttled[[2]string{name, cause}]
	}
	return s
}

// TotalThrottled returns the number of requests that were not sent.
func (s Status) TotalThrottled() (n uint64) {
	for _, throttled := range s.Throttled {
		n += throttled
	}
	return n
}
