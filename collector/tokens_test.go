package collector

import (
	"testing"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/accounts"
)

func TestTokens(t *testing.T) {
	active, inactive := `api_token_active{credential="default"} 1`, `api_token_active{credential="default"} 0`
	for result, want := range map[string][]string{
		`{"status":"active"}`:   {active},
		`{"status":"disabled"}`: {inactive},
		`{"status":"new"}`:      {inactive},
		`{"status":"expired","expires_on":"2026-11-22T12:00:00Z"}`: {
			inactive, `api_token_expiry_timestamp_seconds{credential="default"} 1.7953488e+09`,
		},
		`{"status":null,"expires_on":""}`: nil,
		`null`:                            nil,
	} {
		api := new(simulation.API)
		// Both accounts use the same credential.
		all := newSet(t, api, accounts.Options{}, accountID, "8a3bd1c20000000000000000000000ff").Targets().Accounts
		api.Inject(simulation.Fault{Body: `{"success":true,"result":` + result + `}`})
		checkSeries(t, expose(t, NewTokens(t.Context(), all)), want...)
	}
}
