package collector

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/collector/accounts"
)

// tokenCollector exports the tokens of credentials.
type tokenCollector struct {
	ctx      context.Context
	accounts []*accounts.Account // one for each credential
}

// NewTokens returns a collector of the tokens that the accounts use, for one scrape.
func NewTokens(ctx context.Context, all []*accounts.Account) prometheus.Collector {
	c := &tokenCollector{ctx: ctx}
	seen := make(map[*accounts.Credential]bool)
	for _, a := range all {
		if !seen[a.Credential] {
			seen[a.Credential] = true
			c.accounts = append(c.accounts, a)
		}
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *tokenCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- descs[tokenActive]
	ch <- descs[tokenExpiry]
}

// Collect implements prometheus.Collector.
func (c *tokenCollector) Collect(ch chan<- prometheus.Metric) {
	collectAll(c.accounts, len(c.accounts), ch, func(a *accounts.Account) []prometheus.Metric {
		e := emitter{first: a.Credential.Name}
		token, ok := a.Credential.Token(c.ctx, a.ID)
		if ok && token.Status != "" {
			e.add(tokenActive, boolToFloat(token.Status == "active"))
		}
		if ok {
			e.time(tokenExpiry, token.ExpiresOn)
		}
		return e.metrics
	})
}
