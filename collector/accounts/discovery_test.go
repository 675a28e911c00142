package accounts

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

// discover runs Discover until the test ends.
func discover(t *testing.T, set *Set) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go set.Discover(ctx)
}

func TestDiscovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		cfg := newConfig(accountID)
		cfg.Discover, cfg.Accounts[0].Name = true, "configured"
		set := newSet(t, api, cfg, Options{})
		api.Account(accountID).SetName("another name")
		discover(t, set)
		check := func(pause time.Duration, want string, requests int) {
			t.Helper()
			time.Sleep(pause)
			synctest.Wait()
			got := ""
			for _, a := range set.Targets().Accounts {
				got += a.Name + " "
			}
			if got != want {
				t.Errorf("accounts %q, want %q", got, want)
			}
			checkRequests(t, api, requests)
		}
		check(0, "configured ", 1)
		api.Account(otherID).SetName("discovered")
		check(10*time.Minute-1, "configured ", 1)
		check(1, "configured discovered ", 2)
		discovered := set.Targets().Find("discovered")

		api.Inject(simulation.Fault{Endpoint: "accounts", Status: 404})
		check(10*time.Minute, "configured discovered ", 3)
		check(time.Minute-1, "configured discovered ", 3)
		check(1, "configured discovered ", 4)

		api.Heal()
		api.Account("ffffffffffffffffffffffffffffffff").SetName("third")
		apply(t, set, cfg)
		check(0, "configured discovered third ", 5)
		if a := set.Targets().Find("discovered"); a == nil || discovered == nil || a.state != discovered.state {
			t.Error("a discovered account lost its state")
		}
		api.Inject(simulation.Fault{Endpoint: "accounts", Body: `{"success":true,"result":[]}`})
		check(10*time.Minute, "configured ", 6)
		cfg.Discover = false
		apply(t, set, cfg)
		check(time.Hour, "configured ", 6)
	})
}

// A lookup that hangs delays no scrape and no reload. The result of a lookup with a credential
// that was replaced meanwhile does not count.
func TestDiscoveryHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		cfg := newConfig(accountID)
		cfg.Discover = true
		set := newSet(t, api, cfg, Options{})
		api.Account(otherID)
		api.Inject(simulation.Fault{Endpoint: "accounts", Latency: 10 * time.Second})
		discover(t, set)
		synctest.Wait()
		start := time.Now()
		if scrape := set.Targets().Accounts[0].Scrape(t.Context()); !scrape.Up {
			t.Errorf("the scrape failed: %v", scrape.Errors)
		}
		apply(t, set, cfg)
		if took := time.Since(start); took != 0 {
			t.Errorf("it took %v", took)
		}
		for i, want := range []int{1, 1, 2} { // accounts: the second lookup finds another one
			time.Sleep(time.Until(start.Add(time.Duration(i)*10*time.Second + 1)))
			synctest.Wait()
			if n := len(set.Targets().Accounts); n != want {
				t.Errorf("%d accounts after %v, want %d", n, time.Since(start), want)
			}
		}
	})
}
