package ratelimit

import "time"

// Status is the state of a Limiter.
type Status struct {
	HoldOffUntil time.Time         // no request is sent before; past or zero if one can be sent now
	Withheld     uint64            // requests refused by Reserve
	Policies     map[string]Policy // limits reported by the API, by name
}

// Status returns the current state. The map is the caller's.
func (l *Limiter) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := Status{Withheld: l.withheld, Policies: make(map[string]Policy, len(l.policies))}
	for name, p := range l.policies {
		s.Policies[name] = p.Policy
	}
	s.HoldOffUntil, _ = l.readyAt(time.Now(), 1)
	if until := l.allRefusedUntil(); until.After(s.HoldOffUntil) {
		s.HoldOffUntil = until
	}
	return s
}

// A HoldOffError reports that a request was not sent because of a rate limit.
type HoldOffError struct {
	Until time.Time // when a request can be sent, unless others are sent before

	cause cause
}

// Refused reports whether the cause is that the API refused the credential.
func (e *HoldOffError) Refused() bool { return e.cause == causeRefused }

// cause is the reason for a hold-off.
type cause int

const (
	causeAPI     cause = iota // the API specified a hold-off
	causeLimit                // Limiter.Limit
	causeReserve              // the rest is in use or reserved for other clients
	causeTurn                 // the rest is for other accounts
	causeRefused              // the API refused the credential
)

func (e *HoldOffError) Error() string {
	until := e.Until.UTC().Format(time.RFC3339)
	switch e.cause {
	case causeLimit:
		return "held off until " + until + ": the configured limit of requests in 5 minutes is reached"
	case causeReserve:
		return "held off until " + until + ": the rest of the API's rate limit is in use or reserved for other clients"
	case causeRefused:
		return "held off until " + until + ": the API refused the credential several times in a row"
	case causeTurn:
		return "deferred until " + until + ": few requests are available, and other accounts have waited longer"
	}
	return "held off until " + until + ": the API's rate limit is reached"
}
