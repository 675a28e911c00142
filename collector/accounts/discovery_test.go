package accounts

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestDiscovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		cfg := newConfig(accountID)
		cfg.Discover, cfg.Accounts[0].Name = true, "configured"
		set := newSet(t, api, cfg, Options{})
		api.Account(accountID).SetName("another name")
		check := func(pause time.Duration, want string, requests int) {
			t.Helper()
			time.Sleep(pause)
			got := ""
			for _, a := range set.Refresh(t.Context()).Accounts {
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
		check(discoveryTTL, "configured discovered ", 3)
		check(time.Second, "configured discovered ", 3)
		if err := set.Apply(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
		check(0, "configured discovered ", 3)

		api.Heal()
		api.Account("ffffffffffffffffffffffffffffffff").SetName("third")
		check(discoveryTTL, "configured discovered third ", 4)
		if a := set.Targets().Find("discovered"); a == nil || discovered == nil || a.state != discovered.state {
			t.Error("a discovered account lost its state")
		}
		api.Inject(simulation.Fault{Endpoint: "accounts", Body: `{"success":true,"result":[]}`})
		check(discoveryTTL, "configured ", 5)
	})
}

// A slow lookup leaves time to list the captures. What it finds is for the next scrape.
func TestSlowDiscovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		cfg := newConfig(accountID)
		cfg.Discover = true
		set := newSet(t, api, cfg, Options{})
		api.Account(accountID)
		api.Account(otherID)
		api.Inject(simulation.Fault{Endpoint: "accounts", Latency: 7 * time.Second})
		check := func(want int, took time.Duration) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			start := time.Now()
			if n := len(set.Refresh(ctx).Accounts); n != want || time.Since(start) != took {
				t.Errorf("%d accounts after %v, want %d after %v", n, time.Since(start), want, took)
			}
			if scrape := set.Targets().Accounts[0].Scrape(ctx); !scrape.Up {
				t.Errorf("the scrape failed: %v", scrape.Errors)
			}
		}
		check(1, 5*time.Second)
		time.Sleep(5 * time.Second)
		check(2, 0)
	})
}

// A reload holds the lock while it waits for a file.
func TestDiscoveryDuringReload(t *testing.T) {
	cfg := newConfig(accountID)
	cfg.Discover = true
	set := newSet(t, new(simulation.API), cfg, Options{})
	set.mu.Lock()
	defer set.mu.Unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	done := make(chan struct{})
	go func() {
		set.Refresh(ctx)
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(20 * time.Second):
		t.Error("a scrape waits for a reload")
	}
}
