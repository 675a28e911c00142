package collector

import (
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
)

// NewDiscovery returns a collector of the lookups of accounts. It has no metrics unless the
// configuration enables discovery, and sends no requests.
func NewDiscovery(set *accounts.Set) prometheus.Collector {
	return collectorFunc(func(ch chan<- prometheus.Metric) {
		d, enabled := set.Discovery()
		if !enabled {
			return
		}
		succeeded := !d.LastSuccess.IsZero()
		ch <- prometheus.MustNewConstMetric(discoveryUp.desc, prometheus.GaugeValue, boolToFloat(succeeded && d.Reason == ""))
		ch <- prometheus.MustNewConstMetric(discoveryAccounts.desc, prometheus.GaugeValue, float64(d.Accounts))
		if succeeded {
			ch <- prometheus.MustNewConstMetric(discoverySuccess.desc, prometheus.GaugeValue, timestamp(d.LastSuccess))
		}
		for _, reason := range cfapi.Reasons() {
			ch <- sample{prometheus.MustNewConstMetric(discoveryErrors.desc, prometheus.CounterValue, float64(d.Errors[reason])), labelPairs(discoveryErrors.Labels, []string{string(reason)})}
		}
	})
}
