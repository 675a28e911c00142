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

// Collector returns a collector of every account, for one scrape.
func (e *Exporter) Collector(ctx context.Context) prometheus.Collector {
	return &collector{ctx: ctx, accounts: e.active.Load().accounts, concurrency: e.options.Concurrency}
}

// Probe returns a collector of one account, given by id or name, for one
// scrape. It returns false if there is no such account.
func (e *Exporter) Probe(ctx context.Context, target string) (prometheus.Collector, bool) {
	for _, a := range e.active.Load().accounts {
		if target == a.id || target == a.name && target != "" {
			return &collector{ctx: ctx, accounts: []*account{a}, concurrency: 1}, true
		}
	}
	return nil, false
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(ch chan<- *prometheus.Desc) {
	for i := captures; i <= seriesDropped; i++ {
		ch <- descs[i]
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(ch chan<- prometheus.Metric) {
	var group errgroup.Group
	group.SetLimit(c.concurrency)
	for _, a := range c.accounts {
		group.Go(func() error {
			for _, m := range a.metrics(a.scrape(c.ctx)) {
				ch <- m
			}
			return nil
		})
	}
	_ = group.Wait() // nothing of it fails: a listing that does is a metric
}
