package collector

import (
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/collector/accounts"
)

// rateLimitCollector exports the rate-limit state of credentials. It sends no
// requests.
type rateLimitCollector struct{ accounts *accounts.Set }

// NewRateLimits returns a collector of the rate-limit state of all credentials.
func NewRateLimits(set *accounts.Set) prometheus.Collector { return rateLimitCollector{set} }

// Describe implements prometheus.Collector.
func (c rateLimitCollector) Describe(ch chan<- *prometheus.Desc) {
	for i := ratelimitRemaining; i <= withheldTotal; i++ {
		ch <- descs[i]
	}
}

// Collect implements prometheus.Collector.
func (c rateLimitCollector) Collect(ch chan<- prometheus.Metric) {
	for _, credential := range c.accounts.Targets().Credentials {
		status := credential.Client.RateLimit()
		e := emitter{first: credential.Name}
		if status.HoldOffUntil.IsZero() {
			e.add(holdOffUntil, 0)
		}
		e.time(holdOffUntil, status.HoldOffUntil)
		e.add(withheldTotal, float64(status.Withheld()))
		for name, policy := range status.Policies {
			e.add(ratelimitRemaining, float64(policy.Remaining), name)
			if policy.Quota >= 0 {
				e.add(ratelimitQuota, float64(policy.Quota), name)
			}
		}
		for _, m := range e.metrics {
			ch <- m
		}
	}
}
