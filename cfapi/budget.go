package cfapi

import (
	"math"
	"sync"
	"time"
)

// window is how long a request counts. The nanosecond is there since of two
// requests at the ends of 5 minutes, both are within them.
const window = 5*time.Minute + time.Nanosecond

// jitter is what part of the limit a call that yields leaves: requests come a
// little sooner than those of 5 minutes ago end to count.
const jitter = 25

// A budget decides which requests with one credential may go.
type budget struct {
	mu       sync.Mutex
	limit    int // Client.RateLimit, as of the last call
	inFlight int
	ended    []time.Time // within the last window, oldest first
	holdOff  time.Time   // until when the API wants no request
	withheld uint64
	policies map[string]*policy
	turns    turns
}

// begin lets a request go, or returns a *HoldOffError. What it returns must be
// ended.
func (b *budget) begin(limit int, c call) (*flight, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit = limit
	now := time.Now()
	b.turns.ask(now, c.account)
	before, turn := 0, time.Time{}
	if spare := b.spare(now); spare > 0 && !c.further {
		before, turn = b.turns.before(now, c.account, spare, b.share())
		if c.yields {
			before = b.turns.toCome(now, b.share()) + b.limit/jitter
		}
	}
	until, why := b.ready(now, int64(before)+1)
	if turn.After(until) {
		until = turn
	}
	if now.Before(until) {
		b.withheld++
		if before > 0 || turn.After(now) {
			why = causeTurn
		}
		return nil, &HoldOffError{Until: until, why: why}
	}
	b.inFlight++
	b.turns.begin(now, c.account, c.further)
	return &flight{budget: b, account: c.account, start: now}, nil
}

// share is how often each account can be asked for if all are as often.
func (b *budget) share() time.Duration {
	if b.limit <= 0 {
		return 0
	}
	return window / time.Duration(b.limit) * time.Duration(len(b.turns.accounts))
}

// spare is how many requests could go at once.
func (b *budget) spare(now time.Time) int64 {
	if now.Before(b.holdOff) {
		return 0
	}
	spare := int64(math.MaxInt64)
	if b.limit > 0 {
		spare = b.ours(now)
	}
	for _, p := range b.policies {
		if now.Before(p.latest) {
			spare = min(spare, b.theirs(p))
		}
	}
	return spare
}

// ready returns when n requests can go at once if none goes until then, and
// what they wait for. If that is not after now, they can go.
func (b *budget) ready(now time.Time, n int64) (time.Time, cause) {
	until, why := b.holdOff, causeAPI
	later := func(t time.Time, c cause) {
		if t.After(until) {
			until, why = t, c
		}
	}
	if b.limit > 0 {
		if short := n - b.ours(now); short > int64(len(b.ended)) {
			later(now.Add(window), causeOurs) // one in flight counts from its end, or not at all
		} else if short > 0 {
			later(b.ended[short-1].Add(window), causeOurs)
		}
	}
	for _, p := range b.policies {
		if now.Before(p.latest) && b.theirs(p) < n {
			later(p.latest, causeRest)
		}
	}
	return until, why
}

// ours is how many requests our own limit has room for.
func (b *budget) ours(now time.Time) int64 {
	for len(b.ended) > 0 && now.Sub(b.ended[0]) >= window {
		b.ended = b.ended[1:]
	}
	return int64(b.limit - b.inFlight - len(b.ended))
}

// theirs is how many requests the API allows us, until that window ends. One in
// flight may not be counted in what the API said.
func (b *budget) theirs(p *policy) int64 {
	return p.left - p.reserve(b.limit) - int64(b.inFlight)
}

// extend never shortens: of two answers, the later may be to the older request.
func (b *budget) extend(holdOff time.Time) {
	if holdOff.After(b.holdOff) {
		b.holdOff = holdOff
	}
}

// policy returns the one of that name, nil if it is one too many.
func (b *budget) policy(name string) *policy {
	p, ok := b.policies[name]
	if !ok {
		if len(b.policies) == maxPolicies || len(name) > maxPolicyName {
			return nil
		}
		if b.policies == nil {
			b.policies = make(map[string]*policy)
		}
		p = &policy{Policy: Policy{Remaining: -1, Quota: -1}}
		b.policies[name] = p
	}
	return p
}
