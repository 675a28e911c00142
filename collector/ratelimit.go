package collector

import (
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector/accounts"
)

// NewRateLimits returns a collector of the rate-limit state of all credentials. It sends
// no requests.
func NewRateLimits(set *accounts.Set) prometheus.Collector {
	return Func(func(ch chan<- prometheus.Metric) {
		for _, credential := range set.Targets().Credentials {
			e := emitter{to: ch, first: []string{credential.Name}}
			e.rateLimit(credential.Client.RateLimit())
		}
	})
}

func (e *emitter) rateLimit(s ratelimit.Status) {
	if s.HoldOffUntil.IsZero() {
		e.add(holdOffUntil, 0)
	}
	e.time(holdOffUntil, s.HoldOffUntil)
	for cause, n := range s.Throttled {
		e.add(throttledTotal, float64(n), cause)
	}
	for name, policy := range s.Policies {
		e.add(ratelimitRemaining, float64(policy.Remaining), name)
		if policy.Quota > 0 {
			e.add(ratelimitQuota, float64(policy.Quota), name)
		}
	}
}
