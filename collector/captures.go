package collector

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/collector/accounts"
)

// NewCaptures returns a collector for one scrape, because ctx limits its list requests and
// Collect has no context. It lists the captures of at most concurrency accounts at a time.
func NewCaptures(ctx context.Context, all []*accounts.Account, concurrency int) prometheus.Collector {
	return collectAll(all, concurrency, func(ch chan<- prometheus.Metric, a *accounts.Account) {
		e := emitter{to: ch, first: []string{a.ID}}
		e.account(a.Name, a.Scrape(ctx))
	})
}

// NewDurationHistogram returns a histogram of the durations of the captures of an account
// and type, in seconds.
func NewDurationHistogram(account, typ string) prometheus.Histogram {
	opts := captureDuration.histogramOpts(prometheus.ExponentialBuckets(1, 2, 18)...) // more than a day
	opts.ConstLabels = prometheus.Labels{"account": account, "type": typ}
	return prometheus.NewHistogram(opts)
}
