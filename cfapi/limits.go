package cfapi

import "time"

// Limits is what is known of the rate limit for one credential, and what
// followed.
type Limits struct {
	HoldOffUntil time.Time         // no request is sent before; past or zero if one can be
	Withheld     uint64            // requests not sent, for that or since it was another account's turn
	Policies     map[string]Policy // the API's, by name
}

// Limits returns the present state.
func (c *Client) Limits() Limits { return c.budget().get(c.RateLimit) }

func (b *budget) get(limit int) Limits {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.limit = limit
	l := Limits{Withheld: b.withheld, Policies: make(map[string]Policy, len(b.policies))}
	for name, p := range b.policies {
		l.Policies[name] = p.Policy
	}
	l.HoldOffUntil, _ = b.ready(time.Now(), 1)
	return l
}
