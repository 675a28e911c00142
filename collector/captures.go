// Package collector exports Cloudflare's packet captures as Prometheus metrics.
package collector

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"cloudflare_pcap_exporter/collector/accounts"
)

// captureCollector lists the captures of accounts on each Collect.
type captureCollector struct {
	ctx         context.Context
	accounts    []*accounts.Account
	concurrency int
}

// New returns a collector of the captures of accounts. It lists them on each Collect,
// at most concurrency accounts at the same time. It is for one scrape,
// because Collect has no context. Its list requests end with ctx.
func New(ctx context.Context, accounts []*accounts.Account, concurrency int) prometheus.Collector {
	return &captureCollector{ctx, accounts, concurrency}
}

// Describe implements prometheus.Collector.
func (c *captureCollector) Describe(ch chan<- *prometheus.Desc) {
	for i := listedCaptures; i <= seriesDropped; i++ {
		ch <- descs[i]
	}
}

// Collect implements prometheus.Collector.
func (c *captureCollector) Collect(ch chan<- prometheus.Metric) {
	collectAll(c.accounts, c.concurrency, ch, func(a *accounts.Account) []prometheus.Metric {
		e := emitter{first: a.ID, metrics: make([]prometheus.Metric, 0, 256)}
		e.account(a.Name, a.Scrape(c.ctx))
		return e.metrics
	})
}

// collectAll sends the metrics of each item. It collects at most n items at the same
// time.
func collectAll[T any](items []T, n int, ch chan<- prometheus.Metric, metrics func(T) []prometheus.Metric) {
	collect := func(item T) {
		for _, m := range metrics(item) {
			ch <- m
		}
	}
	if len(items) == 1 {
		collect(items[0]) // a goroutine would take 3 % of a scrape of 50 captures
		return
	}
	var group errgroup.Group
	group.SetLimit(n)
	for _, item := range items {
		group.Go(func() error {
			collect(item)
			return nil
		})
	}
	_ = group.Wait()
}
