package collector

import (
	"context"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
)

const tokenEvery = time.Hour

// token is that of one credential.
type token struct {
	credential string
	api        *cfapi.Client
	poll       *poll[cfapi.Token]
}

// newToken returns the token of the credential with that name; timeout is that
// of a call, whoever waits for it.
func newToken(credential string, api *cfapi.Client, timeout time.Duration, logger log.Logger) *token {
	logger = log.With(logger, "credential", credential)
	return &token{credential, api, newPoll[cfapi.Token]("verifying the token", tokenEvery, timeout, logger)}
}

// metrics are none after a failure. The account is any that uses the credential.
func (t *token) metrics(ctx context.Context, account string) []prometheus.Metric {
	got, ok := t.poll.get(ctx, func(ctx context.Context) (cfapi.Token, error) {
		return t.api.Token(ctx, account)
	})
	e := emitter{account: t.credential} // the first label, which has that name elsewhere
	if ok && got.Status != "" {
		e.add(tokenActive, flag(got.Status == "active"))
	}
	if ok {
		e.time(tokenExpiry, got.ExpiresOn)
	}
	return e.metrics
}

// tokenCollector shows the tokens of credentials for one scrape, beside the
// captures.
type tokenCollector struct {
	ctx      context.Context
	accounts []*account // one that uses each
}

func newTokenCollector(ctx context.Context, accounts []*account) *tokenCollector {
	c := &tokenCollector{ctx: ctx}
	seen := make(map[*credential]bool)
	for _, a := range accounts {
		if !seen[a.credential] {
			seen[a.credential] = true
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
	each(c.accounts, len(c.accounts), ch, func(a *account) []prometheus.Metric {
		return a.credential.token.metrics(c.ctx, a.id)
	})
}
