package accounts

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

// newDiscovery returns a Set without configured accounts, and looks accounts up until the test ends.
func newDiscovery(t *testing.T, api *simulation.API, o Options) *Set {
	t.Helper()
	cfg := newConfig()
	cfg.Discover = true
	set := newSet(t, api, cfg, o)
	discover(t, set)
	return set
}

func discover(t *testing.T, set *Set) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go set.Discover(ctx)
	synctest.Wait()
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
		cfg.Exclude = []string{"discovered", "ffffffffffffffffffffffffffffffff", accountID}
		apply(t, set, cfg)
		check(0, "configured ", 6)
		cfg.Discover = false
		apply(t, set, cfg)
		check(time.Hour, "configured ", 6)
	})
}

// Each failure keeps the accounts, and counts.
func TestDiscoveryFails(t *testing.T) {
	for name, test := range map[string]struct {
		fault simulation.Fault
		want  cfapi.Reason
		hint  string
	}{
		"unauthorized":       {simulation.Fault{Status: 401}, cfapi.ReasonUnauthorized, "Account Settings Read"},
		"without permission": {simulation.Fault{Status: 403, Body: `{"success":false,"errors":[{"code":10000}]}`}, cfapi.ReasonForbidden, "Account Settings Read"},
		"token of an account": {simulation.Fault{Status: 400, Body: `{"success":false,"errors":[{"code":1001}]}`},
			cfapi.ReasonRejected, "a token that belongs to an account cannot list accounts"},
		"server":               {simulation.Fault{Status: 500}, cfapi.ReasonServer, "wait"},
		"hangs":                {simulation.Fault{Hang: true}, cfapi.ReasonTimeout, "check the network"},
		"fewer than it counts": {simulation.Fault{Body: `{"success":true,"result":[{"id":"` + accountID + `"}],"result_info":{"page":1,"total_count":120}}`}, cfapi.ReasonDecode, "list the ids"},
		"none after some":      {simulation.Fault{Body: `{"success":true,"result":[]}`}, cfapi.ReasonRejected, "check the account resources"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := new(simulation.API)
				api.Account(accountID)
				set := newDiscovery(t, api, Options{})
				start := time.Now()
				test.fault.Endpoint = "accounts"
				api.Inject(test.fault)
				time.Sleep(time.Hour)
				synctest.Wait()
				d := set.Targets().Discovery
				if d.Reason != test.want || d.Err == nil || !strings.Contains(d.Hint, test.hint) || set.Targets().Discovered != 1 {
					t.Errorf("got %+v", d)
				}
				if errors := slices.Collect(maps.Keys(d.Errors)); len(errors) != 1 || d.Errors[test.want] < 10 || !d.LastSuccess.Equal(start) {
					t.Errorf("errors %v, last success %v, want %v", d.Errors, d.LastSuccess, start)
				}
				if set.Targets().Find(accountID) == nil {
					t.Error("the account is gone")
				}
				api.Heal()
				time.Sleep(20 * time.Minute) // longer than a pause after refusals
				synctest.Wait()
				if d := set.Targets().Discovery; d.Reason != "" || d.LastSuccess.Equal(start) {
					t.Errorf("got %+v afterwards", d)
				}
			})
		})
	}
}

// A token that sees no account is a failure from the start: an empty list would have Prometheus
// drop every target.
func TestDiscoveryOfNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := newDiscovery(t, new(simulation.API), Options{})
		if d := set.Targets().Discovery; d.Reason != cfapi.ReasonRejected || !d.LastSuccess.IsZero() {
			t.Errorf("got %+v", d)
		}
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

func TestDiscoveryLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		api := new(simulation.API)
		api.Account(accountID).SetName("edge")
		newDiscovery(t, api, Options{Logger: log.NewLogfmtLogger(&logged)})
		for i := range 11 {
			api.Account(fmt.Sprintf("%032x", i)).SetName([]string{"", "name"}[min(i, 1)])
		}
		time.Sleep(discoveryInterval + 1)
		api.Inject(simulation.Fault{Endpoint: "accounts", Body: fmt.Sprintf(`{"success":true,"result":[{"id":%q}]}`, accountID)})
		time.Sleep(discoveryInterval)
		synctest.Wait()
		names := strings.Repeat("0", 32) + strings.Repeat(", name", 9) + ", 1 more"
		want := `level=info msg="the discovered accounts have changed" accounts=1 added=edge removed=
level=info msg="the discovered accounts have changed" accounts=12 added="` + names + `" removed=
level=info msg="the discovered accounts have changed" accounts=1 added= removed="` + names + `"
`
		if logged.String() != want {
			t.Errorf("logged\n%s\nwant\n%s", &logged, want)
		}
	})
}
