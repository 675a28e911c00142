package accounts

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

func TestRotate(t *testing.T) {
	set := newSet(t, new(simulation.API), newConfig("1", "2", "3"), Options{})
	var got []string
	for range 6 {
		ids := ""
		for _, a := range set.Rotate() {
			ids += a.ID
		}
		got = append(got, ids)
	}
	first := slices.Index(got, "123")
	if want := []string{"123", "231", "312"}; first < 0 || !slices.Equal(got[first:first+3], want) {
		t.Errorf("got %q", got)
	}
	if got := newSet(t, new(simulation.API), newConfig(), Options{}).Rotate(); got != nil {
		t.Errorf("without accounts: got %v", got)
	}
}

func TestApply(t *testing.T) {
	set := newSet(t, new(simulation.API), newConfig(accountID), Options{})
	before := set.Targets()
	for name, credential := range map[string]promconfig.HTTPClientConfig{
		"no token": {Authorization: &promconfig.Authorization{CredentialsFile: "testdata/nonexistent"}},
		"no key":   {HTTPHeaders: &promconfig.Headers{Headers: map[string]promconfig.Header{"X-Auth-Key": {Files: []string{"testdata/nonexistent"}}}}},
		"no CA":    {TLSConfig: promconfig.TLSConfig{CAFile: "testdata/nonexistent"}},
	} {
		cfg := newConfig(otherID)
		cfg.Credentials["lab"] = credential
		if err := set.Apply(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "credential lab: ") || set.Targets() != before {
			t.Errorf("%s: %v", name, err)
		}
	}

	cfg := newConfig(otherID, accountID)
	cfg.Accounts[1].Name = "renamed"
	apply(t, set, cfg)
	after := set.Targets().Accounts
	if len(after) != 2 || after[0].ID != otherID || after[1].Name != "renamed" || after[1].state != before.Accounts[0].state {
		t.Errorf("got %v", after)
	}
	apply(t, set, newConfig(otherID))
	if set.Targets().Find(accountID) != nil {
		t.Error("the removed account remains")
	}
}

// Reloads fail no scrape and reset no counter.
func TestApplyDuringScrapes(t *testing.T) {
	api := new(simulation.API)
	set := newSet(t, api, newConfig(accountID), Options{})
	api.Inject(simulation.Fault{Status: 404, Times: 1})
	set.Targets().Find(accountID).Scrape(t.Context())
	var done atomic.Bool
	var scrapes sync.WaitGroup
	for range 20 {
		scrapes.Go(func() {
			for !done.Load() {
				if s := set.Targets().Find(accountID).Scrape(t.Context()); !s.Up || s.Errors[cfapi.ReasonRejected] != 1 {
					t.Errorf("up %v, errors %v", s.Up, s.Errors)
				}
				time.Sleep(time.Millisecond)
			}
		})
	}
	for i := range 300 {
		cfg := newConfig([]string{accountID, otherID}[:1+i%2]...)
		cfg.Credentials[config.DefaultCredential].Authorization.Credentials = promconfig.Secret(fmt.Sprint("token", i/3))
		apply(t, set, cfg)
		time.Sleep(time.Millisecond)
	}
	done.Store(true)
	scrapes.Wait()
}
