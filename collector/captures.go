package collector

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/collector/accounts"
)

// NewCaptures returns a collector of the captures of accounts, for one scrape, because
// Collect has no context. It lists the captures on each Collect, at most concurrency
// accounts at the same time. Its list requests end with ctx.
func NewCaptures(ctx context.Context, all []*accounts.Account, concurrency int) prometheus.Collector {
	return collectAll(all, concurrency, func(ch chan<- prometheus.Metric, a *accounts.Account) {
		e := emitter{to: ch, first: []string{a.ID}}
		e.account(a.Name, a.Scrape(ctx))
	})
}
