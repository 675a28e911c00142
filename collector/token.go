package collector

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/collector/accounts"
)

// NewTokens returns a collector of the tokens that the accounts use, for one scrape.
func NewTokens(ctx context.Context, all []*accounts.Account) prometheus.Collector {
	var distinct []*accounts.Account // one for each credential
	seen := make(map[*accounts.Credential]bool)
	for _, a := range all {
		if !seen[a.Credential] {
			seen[a.Credential] = true
			distinct = append(distinct, a)
		}
	}
	return collectAll(distinct, len(distinct), func(a *accounts.Account) []prometheus.Metric {
		e := emitter{first: a.Credential.Name}
		token, ok := a.Credential.Token(ctx, a.ID)
		if ok && token.Status != "" {
			e.add(tokenActive, boolToFloat(token.Status == "active"))
		}
		if ok {
			e.time(tokenExpiry, token.ExpiresOn)
		}
		return e.metrics
	})
}
