package collector

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/accounts"
)

// A hold-off is for all accounts with the same credential.
func TestRateLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		set := newSet(t, api, accounts.Options{}, accountID, "8a3bd1c20000000000000000000000ff")
		c := NewRateLimits(set)
		checkSeries(t, expose(t, c),
			`api_holdoff_until_timestamp_seconds{credential="default"} 0`,
			`api_requests_throttled_total{credential="default",reason="fairness"} 0`,
			`api_requests_throttled_total{credential="default",reason="holdoff"} 0`,
			`api_requests_throttled_total{credential="default",reason="rate_limit"} 0`,
			`api_requests_throttled_total{credential="default",reason="refused"} 0`,
			`api_requests_throttled_total{credential="default",reason="reserve"} 0`,
		)
		api.Inject(simulation.Fault{Status: 429, RetryAfter: "60", Headers: http.Header{
			"Ratelimit":        {`"both";r=7;t=60, "no quota";r=8;t=60`},
			"Ratelimit-Policy": {`"both";q=100;w=300`},
		}})
		for range 3 {
			for _, a := range set.Targets().Accounts {
				a.Scrape(t.Context())
			}
		}
		if n := len(api.Requests()); n != 1 {
			t.Errorf("%d requests were sent", n)
		}
		checkSeries(t, expose(t, c),
			fmt.Sprintf(`api_holdoff_until_timestamp_seconds{credential="default"} %v`, timestamp(time.Now().Add(time.Minute))),
			`api_ratelimit_quota{credential="default",policy="both"} 100`,
			`api_ratelimit_remaining{credential="default",policy="both"} 7`,
			`api_ratelimit_remaining{credential="default",policy="no quota"} 8`,
			`api_requests_throttled_total{credential="default",reason="fairness"} 0`,
			`api_requests_throttled_total{credential="default",reason="holdoff"} 5`,
			`api_requests_throttled_total{credential="default",reason="rate_limit"} 0`,
			`api_requests_throttled_total{credential="default",reason="refused"} 0`,
			`api_requests_throttled_total{credential="default",reason="reserve"} 0`,
		)
	})
}
