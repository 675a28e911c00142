package ratelimit

import (
	"net/http"
	"time"
)

const (
	maxPolicies = 8                // of a secret; Cloudflare reports one
	maxDelay    = 30 * time.Second // of a response, with the time to the end of the window in it
)

// A Policy is one rate limit as the API reports it.
type Policy struct {
	Remaining int64 // lowest number of requests reported to remain in the current window
	Quota     int64 // requests allowed in each window; 0 if not reported

	seconds int64     // length of the window; 0 if not reported
	reset   time.Time // end of the current window
}

// update applies the rate-limit headers of a response. Responses may arrive out of order, so
// the lowest number reported for a window counts.
func (b *budget) update(now time.Time, header http.Header) {
	quotas := parseList(header.Values("Ratelimit-Policy"))
	for name, params := range parseList(header.Values("Ratelimit")) {
		p, known := b.policies[name]
		remaining, ok := params["r"]
		if !ok || !known && len(b.policies) == maxPolicies {
			continue
		}
		reset := now.Add(defaultHoldOff)
		if seconds, ok := params["t"]; ok {
			reset = now.Add(boundedSeconds(seconds))
		}
		if remaining == 0 {
			b.extendHoldOff(reset)
		}
		if policy, ok := quotas[name]; ok {
			p.Quota, p.seconds = policy["q"], policy["w"]
		}
		switch {
		case reset.Before(p.reset.Add(-maxDelay)): // of an earlier window
			continue
		case !now.Before(p.reset), reset.After(p.reset.Add(maxDelay)): // a new window
			p.Remaining, p.reset = remaining, reset
		}
		p.Remaining = min(p.Remaining, remaining)
		b.policies[name] = p
	}
}

// available returns the number of requests that remain without the requests reserved for other
// clients: the quota less the limit. A window longer than the limiter's cannot be compared with
// the limit.
func (p Policy) available(limit int) int64 {
	if limit <= 0 || p.seconds > int64(window/time.Second) {
		return p.Remaining
	}
	return p.Remaining - max(0, p.Quota-int64(limit))
}
