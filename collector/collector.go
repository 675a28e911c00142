// Package collector makes metrics of Cloudflare's packet captures.
package collector

import (
	"context"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"cloudflare_pcap_exporter/cfapi"
)

// Options are what all accounts have in common.
type Options struct {
	Series      SeriesMode
	Timeout     time.Duration // of a listing, whoever waits for it
	Concurrency int           // accounts listed at once by one scrape
	Logger      log.Logger
}

// Exporter keeps what outlives a scrape: the counters of each account.
type Exporter struct {
	accounts    []*account
	concurrency int
}

// NewExporter returns an exporter of the accounts, whose ids have to differ.
func NewExporter(accounts []Account, o Options, api *APIMetrics) *Exporter {
	e := &Exporter{concurrency: o.Concurrency}
	for _, a := range accounts {
		e.accounts = append(e.accounts, newAccount(a, o, api.coalesced))
	}
	return e
}

// Collector lists every account on each Collect. It serves one scrape: Collect
// has no context of its own, so the collector is made with the request's.
func (e *Exporter) Collector(ctx context.Context) prometheus.Collector {
	return &collector{ctx: ctx, accounts: e.accounts, concurrency: e.concurrency}
}

// Probe is a Collector of one account, given by id or name. It returns false if
// there is none.
func (e *Exporter) Probe(ctx context.Context, target string) (prometheus.Collector, bool) {
	for _, a := range e.accounts {
		if target == a.ID || target == a.Name && target != "" {
			return &collector{ctx: ctx, accounts: []*account{a}, concurrency: 1}, true
		}
	}
	return nil, false
}

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

var _ Lister = (*cfapi.Client)(nil)
