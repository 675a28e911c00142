// Package collector exports Cloudflare's packet captures as Prometheus metrics. Its
// collectors are unchecked: they describe no metrics, because most of them are registered
// for a single scrape.
package collector

import (
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"cloudflare_pcap_exporter/collector/accounts"
)

// A Func is an unchecked collector.
type Func func(chan<- prometheus.Metric)

// Describe implements prometheus.Collector.
func (Func) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (f Func) Collect(ch chan<- prometheus.Metric) { f(ch) }

// collectAll returns a collector that calls collect for each account, for at most n accounts at
// the same time.
func collectAll(all []*accounts.Account, n int, collect func(chan<- prometheus.Metric, *accounts.Account)) prometheus.Collector {
	return Func(func(ch chan<- prometheus.Metric) {
		if len(all) == 1 {
			collect(ch, all[0]) // a goroutine would take 3 % of a scrape of 50 captures
			return
		}
		var group errgroup.Group
		group.SetLimit(n)
		for _, a := range all {
			group.Go(func() error {
				collect(ch, a)
				return nil
			})
		}
		_ = group.Wait()
	})
}
