package ratelimit

import (
	"cmp"
	"maps"
	"time"
)

const (
	// window is the length of the sliding window. The extra nanosecond makes it inclusive at
	// both ends.
	window = 5*time.Minute + time.Nanosecond

	// Low-priority requests leave 1/headroom of the limit, because lists recur slightly before
	// their predecessors leave the window.
	headroom = 25

	tolerated  = 3           // refusals in a row before a pause
	firstPause = time.Minute // doubled for each further refusal
)

// budget is the state of the rate limit of one secret.
type budget struct {
	limit    int // Limiter.Limit
	used     time.Time
	inFlight int
	ended    []time.Time // ends of requests within the window, oldest first
	holdOff  time.Time   // nothing is sent before
	policies map[string]Policy

	accounts map[string]*account
	swept    time.Time // when unused accounts were last removed

	accepted time.Time // when the API last accepted the secret
	refused  int       // refusals in a row
	paused   time.Time // when the last pause started
	resume   time.Time // when it ends
}

// account is an account that is listed with the secret.
type account struct {
	wanted   time.Time // time of the last request, sent or not
	listed   time.Time // time of the last request sent
	accepted bool      // the API accepted the secret for this account
}

// account returns the account with the given name, and records that a request for it is wanted.
func (b *budget) account(now time.Time, name string) *account {
	if now.Sub(b.swept) >= time.Minute {
		maps.DeleteFunc(b.accounts, func(_ string, a *account) bool { return now.Sub(a.wanted) >= 2*window })
		b.swept = now
	}
	a := b.accounts[name]
	if a == nil {
		a = new(account)
	}
	if name != "" {
		b.accounts[name] = a
	}
	a.wanted = now
	return a
}

// listedBefore returns the number of accounts that were last listed before t.
func (b *budget) listedBefore(t time.Time) (n int) {
	for _, a := range b.accounts {
		if a.listed.Before(t) {
			n++
		}
	}
	return n
}

// readyAt returns the earliest time at which n requests can be sent if none is sent before, and
// the cause of the wait. A time that is not after now means now. A time that is too far away was
// set before the clock went back.
func (b *budget) readyAt(now time.Time, n int) (until time.Time, cause string) {
	wait := func(t time.Time, c string) {
		if t.After(until) && t.Sub(now) <= maxHoldOff {
			until, cause = t, c
		}
	}
	wait(b.holdOff, CauseHoldOff)
	wait(b.resume, CauseRefused)
	for len(b.ended) > 0 && now.Sub(b.ended[0]) >= window {
		b.ended = b.ended[1:]
	}
	if short := n + b.inFlight + len(b.ended) - b.limit; b.limit > 0 && short > len(b.ended) {
		wait(now.Add(window), CauseRateLimit) // the end of a request in flight is unknown
	} else if b.limit > 0 && short > 0 {
		wait(b.ended[short-1].Add(window), CauseRateLimit)
	}
	for _, p := range b.policies {
		if now.Before(p.reset) && p.available(b.limit) < int64(n+b.inFlight) {
			wait(p.reset, CauseReserve)
		}
	}
	return until, cause
}

// begin records the start of a request.
func (b *budget) begin(now time.Time, a *account, continuation bool) {
	b.inFlight++
	if !continuation {
		a.listed = now
	}
	if b.refused >= tolerated {
		b.resume = now.Round(0).Add(firstPause) // the others wait for the result of this request
	}
}

// end records the end of a request.
func (b *budget) end(start, now time.Time, a *account, o Outcome) {
	wall := now.Round(0) // waits go on while the machine sleeps, and the monotonic clock stands still
	b.inFlight--
	if o.Sent && b.limit > 0 {
		b.ended = append(b.ended, wall)
	}
	b.update(wall, o.Header)
	if o.TooMany {
		b.extendHoldOff(wall.Add(cmp.Or(RetryAfter(o.Header), defaultHoldOff)))
	}
	switch {
	case o.Accepted:
		b.accepted, b.refused, b.resume, a.accepted = now, 0, time.Time{}, true
	case o.Header == nil || !start.After(b.paused): // it reveals nothing new about the secret
	case !o.Refused:
		b.refused, b.resume = 0, time.Time{}
	case a.accepted || now.Sub(b.accepted) >= window: // else the secret is good, but not for this account
		a.accepted, b.accepted = false, time.Time{}
		b.refused++
		if n := b.refused - tolerated; n >= 0 {
			b.paused, b.resume = now, wall.Add(min(firstPause<<min(n, 4), maxHoldOff))
		}
	}
}

// extendHoldOff never shortens a hold-off, because the response may be to an older request.
func (b *budget) extendHoldOff(until time.Time) {
	if until.After(b.holdOff) {
		b.holdOff = until
	}
}
