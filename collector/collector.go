// Package collector exports Cloudflare's packet captures as Prometheus metrics. Its
// collectors are unchecked: they describe no metrics, because most of them are registered
// for a single scrape.
package collector

import (
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

// A Func is an unchecked collector.
type Func func(chan<- prometheus.Metric)

// Describe implements prometheus.Collector.
func (Func) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (f Func) Collect(ch chan<- prometheus.Metric) { f(ch) }

// collectAll returns a collector that collects each item. It collects at most n items at the
// same time.
func collectAll[T any](items []T, n int, collect func(chan<- prometheus.Metric, T)) prometheus.Collector {
	return Func(func(ch chan<- prometheus.Metric) {
		if len(items) == 1 {
			collect(ch, items[0]) // a goroutine would take 3 % of a scrape of 50 captures
			return
		}
		var group errgroup.Group
		group.SetLimit(n)
		for _, item := range items {
			group.Go(func() error {
				collect(ch, item)
				return nil
			})
		}
		_ = group.Wait()
	})
}
