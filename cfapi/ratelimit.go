package cfapi

import (
	"errors"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/dunglas/httpsfv"
)

const (
	defaultHoldOff = time.Minute      // after a 429 that names no time
	maxHoldOff     = 10 * time.Minute // whatever the API names
	maxPolicies    = 8                // of one credential: Cloudflare names one
	maxPolicyName  = 64               // bytes: it becomes a label
)

// Limits is what the API has said of its rate limit for one credential, and
// what followed.
type Limits struct {
	HoldOffUntil time.Time         // no request is sent before; zero if there was no reason yet
	Withheld     uint64            // requests not sent for that
	Policies     map[string]Policy // by name
}

// A Policy is one rate limit of the API's.
type Policy struct {
	Remaining int64 // requests left in the present window; -1 if not said
	Quota     int64 // requests allowed in each window; -1 if not said
}

// Limits returns the present state.
func (c *Client) Limits() Limits { return c.limits.get() }

type limits struct {
	mu    sync.Mutex
	state Limits
}

func (l *limits) get() Limits {
	l.mu.Lock()
	defer l.mu.Unlock()
	state := l.state
	state.Policies = maps.Clone(l.state.Policies)
	return state
}

// withhold returns an error if no request may be sent now.
func (l *limits) withhold(now time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !now.Before(l.state.HoldOffUntil) {
		return nil
	}
	l.state.Withheld++
	return &HoldOffError{Until: l.state.HoldOffUntil}
}

// observe takes in what the answer says of limits.
func (l *limits) observe(now time.Time, resp *http.Response) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if resp.StatusCode == http.StatusTooManyRequests {
		wait := retryAfter(now, resp.Header)
		if wait == 0 {
			wait = defaultHoldOff
		}
		l.holdOff(now.Add(wait))
	}
	for _, limit := range parseLimits(resp.Header.Values("Ratelimit")) {
		if remaining, ok := limit.params["r"]; ok {
			l.policy(limit.name, func(p *Policy) { p.Remaining = remaining })
			if remaining <= 0 {
				l.holdOff(now.Add(resetAfter(limit.params)))
			}
		}
	}
	for _, limit := range parseLimits(resp.Header.Values("Ratelimit-Policy")) {
		if quota, ok := limit.params["q"]; ok {
			l.policy(limit.name, func(p *Policy) { p.Quota = quota })
		}
	}
}

// holdOff never shortens: of two answers, the later may be to the older request.
func (l *limits) holdOff(until time.Time) {
	if until.After(l.state.HoldOffUntil) {
		l.state.HoldOffUntil = until
	}
}

func (l *limits) policy(name string, set func(*Policy)) {
	p, ok := l.state.Policies[name]
	if !ok {
		if len(l.state.Policies) == maxPolicies || len(name) > maxPolicyName {
			return
		}
		p = Policy{Remaining: -1, Quota: -1}
	}
	if l.state.Policies == nil {
		l.state.Policies = make(map[string]Policy)
	}
	set(&p)
	l.state.Policies[name] = p
}

// limit is one member of a Ratelimit or Ratelimit-Policy header.
type limit struct {
	name   string
	params map[string]int64
}

// parseLimits reads `"default";r=50;t=30, …`. What is not of that form is
// passed over: a limit that cannot be read is no reason to fail a listing.
func parseLimits(header []string) []limit {
	list, err := httpsfv.UnmarshalList(header)
	if err != nil {
		return nil
	}
	var limits []limit
	for _, member := range list {
		item, ok := member.(httpsfv.Item)
		if !ok {
			continue
		}
		name, ok := item.Value.(string)
		if !ok {
			continue
		}
		l := limit{name: name, params: make(map[string]int64)}
		for _, key := range item.Params.Names() {
			if v, _ := item.Params.Get(key); v != nil {
				if n, ok := v.(int64); ok {
					l.params[key] = n
				}
			}
		}
		limits = append(limits, l)
	}
	return limits
}

// resetAfter is how long until the window ends.
func resetAfter(params map[string]int64) time.Duration {
	seconds, ok := params["t"]
	if !ok {
		return defaultHoldOff
	}
	return boundedSeconds(seconds)
}

// retryAfter reads the Retry-After header, which holds seconds or a date. It
// returns 0 if there is none that can be read.
func retryAfter(now time.Time, header http.Header) time.Duration {
	value := header.Get("Retry-After")
	// Of a number out of range, ParseInt returns the nearest one.
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return boundedSeconds(seconds)
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(date.Sub(now), time.Second), maxHoldOff)
	}
	return 0
}

// boundedSeconds is at least a second, so that "0" does not mean "not at all".
func boundedSeconds(n int64) time.Duration {
	return time.Duration(min(max(n, 1), int64(maxHoldOff/time.Second))) * time.Second
}
