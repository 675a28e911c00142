package collector

import (
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector/accounts"
)

// NewRateLimits returns a collector of the rate-limit state of all credentials. It sends
// no requests.
func NewRateLimits(set *accounts.Set) prometheus.Collector {
	return collectorFunc(func(ch chan<- prometheus.Metric) {
		for _, credential := range set.Targets().Credentials {
			for _, m := range rateLimit(credential) {
				ch <- m
			}
		}
	})
}

func rateLimit(c *accounts.Credential) []prometheus.Metric {
	status := c.Client.RateLimit()
	e := emitter{first: c.Name}
	if status.HoldOffUntil.IsZero() {
		e.add(holdOffUntil, 0)
	}
	e.time(holdOffUntil, status.HoldOffUntil)
	for _, cause := range ratelimit.Causes() {
		e.add(throttledTotal, float64(status.Throttled[cause]), cause)
	}
	for name, policy := range status.Policies {
		e.add(ratelimitRemaining, float64(policy.Remaining), name)
		if policy.Quota > 0 {
			e.add(ratelimitQuota, float64(policy.Quota), name)
		}
	}
	return e.metrics
}
