package collector

import "github.com/prometheus/client_golang/prometheus"

// limitsCollector shows what the API says of the rate limit of each credential.
type limitsCollector struct{ exporter *exporter }

// Describe implements prometheus.Collector.
func (l limitsCollector) Describe(ch chan<- *prometheus.Desc) {
	for i := ratelimitRemaining; i <= withheldTotal; i++ {
		ch <- descs[i]
	}
}

// Collect implements prometheus.Collector.
func (l limitsCollector) Collect(ch chan<- prometheus.Metric) {
	for _, c := range l.exporter.active.Load().credentials {
		limits := c.Client.Limits()
		hold := 0.0
		if !limits.HoldOffUntil.IsZero() {
			hold = unix(limits.HoldOffUntil)
		}
		ch <- prometheus.MustNewConstMetric(descs[holdOffUntil], prometheus.GaugeValue, hold, c.Name)
		ch <- prometheus.MustNewConstMetric(descs[withheldTotal], prometheus.CounterValue, float64(limits.Withheld), c.Name)
		for name, policy := range limits.Policies {
			if policy.Remaining >= 0 {
				ch <- prometheus.MustNewConstMetric(descs[ratelimitRemaining], prometheus.GaugeValue, float64(policy.Remaining), c.Name, name)
			}
			if policy.Quota >= 0 {
				ch <- prometheus.MustNewConstMetric(descs[ratelimitQuota], prometheus.GaugeValue, float64(policy.Quota), c.Name, name)
			}
		}
	}
}
