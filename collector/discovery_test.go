package collector

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/accounts"
)

func TestDiscovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		cfg := newConfig()
		cfg.Discover, cfg.Exclude = true, []string{"excluded"}
		set := newSetOf(t, api, accounts.Options{}, cfg)
		check := func(forbidden string, want ...string) {
			t.Helper()
			for _, reason := range cfapi.Reasons() {
				want = append(want, `discovery_errors_total{reason="`+string(reason)+`"} 0`)
			}
			exposition := expose(t, NewDiscovery(set))
			checkContains(t, exposition, strings.Split(strings.Replace(strings.Join(want, "\n"), `"forbidden"} 0`, `"forbidden"} `+forbidden, 1), "\n")...)
			if n := strings.Count(exposition, "\n"); n != len(want) {
				t.Errorf("%d series, want %d:\n%s", n, len(want), exposition)
			}
		}
		check("0", "discovery_up 0", "discovery_accounts 0")
		api.Inject(simulation.Fault{Status: 403, Times: 1})
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go set.Discover(ctx)
		synctest.Wait()
		check("1", "discovery_up 0", "discovery_accounts 0")
		api.Account(accountID)
		api.Account("ffffffffffffffffffffffffffffffff").SetName("excluded")
		time.Sleep(time.Minute)
		synctest.Wait()
		check("1", "discovery_up 1", "discovery_accounts 1", "discovery_last_success_timestamp_seconds 9.4668486e+08")
		api.Inject(simulation.Fault{Status: 403})
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		check("2", "discovery_up 0", "discovery_accounts 1", "discovery_last_success_timestamp_seconds 9.4668486e+08")

		cfg.Discover = false
		if err := set.Apply(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		if exposition := expose(t, NewDiscovery(set)); exposition != "" {
			t.Errorf("without discovery: %s", exposition)
		}
	})
}
