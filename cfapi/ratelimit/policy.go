package ratelimit

import "time"

const (
	maxPolicies   = 8  // per credential; Cloudflare reports one
	maxPolicyName = 64 // bytes
)

// A Policy is one rate limit as the API reports it.
type Policy struct {
	Remaining int64 // requests remaining in the current window; -1 if not reported
	Quota     int64 // requests allowed in each window; -1 if not reported
}

// policy tracks one rate limit of the API.
type policy struct {
	Policy
	seconds  int64 // length of the window; 0 if not reported
	left     int64 // lowest number reported to remain in the current window
	local    int64 // requests of this client in the current window
	others   int64 // requests of other clients in the current window
	previous int64 // requests of other clients in the window before

	// The current window ends between these times. A response reports the seconds
	// to its end, rounded, from some moment between the request and the response.
	earliest, latest time.Time
}

// update records one response. Responses to concurrent requests may arrive out of
// order.
func (p *policy) update(requested, now time.Time, remaining int64, reset time.Duration) {
	earliest, latest := requested.Add(reset-time.Second), now.Add(reset)
	switch {
	case latest.Before(p.earliest): // it reports a window that has ended
		return
	case earliest.After(p.latest) || !now.Before(p.latest): // a new window
		p.previous = 0
		if now.Sub(p.latest) < window {
			p.previous = p.others
		}
		p.left, p.local, p.earliest, p.latest = remaining, 0, earliest, latest
	case earliest.After(p.earliest):
		p.earliest = earliest
	}
	p.Remaining = remaining
	if latest.Before(p.latest) {
		p.latest = latest
	}
	p.left = min(p.left, remaining)
	p.local++
	p.others = max(0, p.Quota-p.left-p.local)
}

// lost records a request without a response, which the API may have counted.
func (p *policy) lost() {
	p.left--
	p.local++
}

// reserve returns the number of requests to leave to other clients: the quota less
// the limit, or what they sent in the window before and have not yet sent in this
// one. (While this client sends nothing it cannot see their requests.) A window
// longer than the limiter's cannot be compared with the limit.
func (p *policy) reserve(limit int) int64 {
	if limit <= 0 || p.seconds > int64(window/time.Second) {
		return 0
	}
	return max(0, p.Quota-int64(limit), p.previous-p.others)
}

// policy returns the policy with the given name, or nil if there are too many.
func (l *Limiter) policy(name string) *policy {
	if p, ok := l.policies[name]; ok {
		return p
	}
	if len(l.policies) == maxPolicies || len(name) > maxPolicyName {
		return nil
	}
	if l.policies == nil {
		l.policies = make(map[string]*policy)
	}
	p := &policy{Policy: Policy{Remaining: -1, Quota: -1}}
	l.policies[name] = p
	return p
}
