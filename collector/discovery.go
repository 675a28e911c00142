package collector

import (
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
)

// NewDiscovery returns a collector of the lookups of accounts. It has no metrics unless the
// configuration enables discovery, and sends no requests.
func NewDiscovery(set *accounts.Set) prometheus.Collector {
	return Func(func(ch chan<- prometheus.Metric) {
		targets := set.Targets()
		d := targets.Discovery
		if d == nil {
			return
		}
		e := emitter{to: ch}
		e.add(discoveryUp, boolToFloat(!d.LastSuccess.IsZero() && d.Reason == ""))
		e.add(discoveryAccounts, float64(targets.Discovered))
		e.time(discoverySuccess, d.LastSuccess)
		for _, reason := range cfapi.Reasons() {
			e.add(discoveryErrors, float64(d.Errors[reason]), string(reason))
		}
	})
}
