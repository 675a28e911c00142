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
	return collectAll(distinct, len(distinct), func(ch chan<- prometheus.Metric, a *accounts.Account) {
		token := a.Credential.Token(ctx, a.ID)
		e := emitter{to: ch, first: []string{a.Credential.Name}}
		if token.Status != "" {
			e.add(tokenActive, boolToFloat(token.Status == "active"))
		}
		e.time(tokenExpiry, token.ExpiresOn)
	})
}
