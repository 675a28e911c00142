// Package collector makes metrics of Cloudflare's packet captures.
package collector

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"
)

// collector lists its accounts on each Collect. It serves one scrape: Collect
// has no context of its own, so the collector is made with the request's.
type collector struct {
	ctx         context.Context
	accounts    []*account
	concurrency int
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for i := captures; i <= seriesDropped; i++ {
		ch <- descs[i]
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	each(c.accounts, c.concurrency, ch, func(a *account) []prometheus.Metric {
		return a.metrics(a.scrape(c.ctx))
	})
}

// each sends the metrics of each item, at most n at once. What fails is a
// metric, or none, but no error.
func each[T any](items []T, n int, ch chan<- prometheus.Metric, metrics func(T) []prometheus.Metric) {
	if len(items) == 1 {
		for _, m := range metrics(items[0]) {
			ch <- m
		}
		return
	}
	var group errgroup.Group
	group.SetLimit(n)
	for _, item := range items {
		group.Go(func() error {
			for _, m := range metrics(item) {
				ch <- m
			}
			return nil
		})
	}
	_ = group.Wait()
}
