package ratelimit

import (
	"slices"
	"time"
)

const (
	tolerated       = 3 // refusals in a row before a pause
	firstPause      = time.Minute
	maxRefusalPause = 10 * time.Minute
)

// refusals counts how often in a row the API refused a credential. Sending it again and
// again could lock out its user.
type refusals struct {
	inARow int
	until  time.Time // nothing is sent before
}

// add records a refusal. From the third on, pauses double from 1 to 10 minutes.
func (r *refusals) add(now time.Time) {
	if now.Before(r.until) {
		return // the request was sent before the pause
	}
	r.inARow++
	if n := r.inARow - tolerated; n >= 0 {
		r.until = now.Add(min(firstPause<<min(n, 4), maxRefusalPause))
	}
}

// useSecret forgets the refusals of another secret.
func (l *Limiter) useSecret(secret uint64) {
	if secret == l.secret {
		return
	}
	l.secret, l.refused, l.accepted = secret, refusals{}, time.Time{}
	for _, e := range l.queue.accounts {
		e.refused = refusals{}
	}
}

// refusedUntil returns the time before which no request for the account is sent because
// the API refused the credential.
func (l *Limiter) refusedUntil(account string) time.Time {
	until := l.refused.until
	if e, ok := l.queue.accounts[account]; ok && e.refused.until.After(until) {
		until = e.refused.until
	}
	return until
}

// allRefusedUntil returns the time before which no request for any account is sent because
// the API refused the credential.
func (l *Limiter) allRefusedUntil() time.Time {
	var times []time.Time
	for account := range l.queue.accounts {
		times = append(times, l.refusedUntil(account))
	}
	if len(times) == 0 {
		return l.refused.until
	}
	return slices.MinFunc(times, time.Time.Compare)
}

// Refused records that the API refused the credential. That may be for this account only:
// requests for other accounts pause, too, unless one was accepted within the window.
func (r *Reservation) Refused() {
	l := r.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	if r.secret != l.secret {
		return
	}
	if e, ok := l.queue.accounts[r.account]; ok {
		e.refused.add(now)
	}
	if now.Sub(l.accepted) >= window {
		l.refused.add(now)
	}
}

// Accepted records that the API accepted the credential.
func (r *Reservation) Accepted() {
	l := r.limiter
	l.mu.Lock()
	defer l.mu.Unlock()
	if r.secret != l.secret {
		return
	}
	l.accepted, l.refused = time.Now(), refusals{}
	if e, ok := l.queue.accounts[r.account]; ok {
		e.refused = refusals{}
	}
}
