package cfapi

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/dunglas/httpsfv"
)

const (
	defaultHoldOff = time.Minute      // after a 429 that names no time
	maxHoldOff     = 10 * time.Minute // whatever the API names
	maxPolicies    = 8                // of one credential: Cloudflare names one
	maxPolicyName  = 64               // bytes: it becomes a label
)

// A Policy is one rate limit of the API's.
type Policy struct {
	Remaining int64 // requests left in the present window; -1 if not said
	Quota     int64 // requests allowed in each window; -1 if not said
}

// policy is also what follows for the requests to come.
type policy struct {
	Policy
	seconds int64 // of each window; 0 if not said
	left    int64 // the least that was said of the present window
	ours    int64 // requests that are counted in it
	others  int64 // that were seen to be; not ours
	before  int64 // others, in the window before

	// The present window ends between these: an answer says in whole seconds how
	// long it lasts, from some instant between the request and the answer.
	earliest, latest time.Time
}

// remaining takes in one answer. Of parallel requests, the answers do not come
// in the order in which they were counted.
func (p *policy) remaining(asked, now time.Time, n int64, reset time.Duration) {
	p.Remaining = n
	earliest, latest := asked.Add(reset-time.Second), now.Add(reset)
	switch {
	case latest.Before(p.earliest): // of a window before
		return
	case earliest.After(p.latest) || !now.Before(p.latest):
		p.before = p.others
		p.left, p.ours, p.earliest, p.latest = n, 0, earliest, latest
	case earliest.After(p.earliest):
		p.earliest = earliest
	}
	if latest.Before(p.latest) {
		p.latest = latest
	}
	p.left = min(p.left, n)
	p.ours++
	p.others = max(0, p.Quota-p.left-p.ours)
}

// lost takes in n requests without an answer. The API may have counted them.
func (p *policy) lost(n int) {
	p.left -= int64(n)
	p.ours += int64(n)
}

// reserve is what is left to others: all that the API allows beyond our limit,
// and what they used of the window before, for while our own limit keeps us
// silent we do not see them use it again. Of a window longer than ours, the two
// limits cannot be compared.
func (p *policy) reserve(limit int) int64 {
	if limit <= 0 || p.seconds > int64(window/time.Second) {
		return 0
	}
	return max(0, p.Quota-int64(limit), p.before-p.others)
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
