package accounts

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/captures"
)

func TestFind(t *testing.T) {
	targets := &Targets{Accounts: []*Account{{ID: "1", Name: "2"}, {ID: "2", Name: "two"}, {ID: "3"}}}
	for target, want := range map[string]string{
		"1":    "1",
		"2":    "2", // an id takes precedence over a name
		"two":  "2",
		"3":    "3",
		"":     "",
		"four": "",
	} {
		got := ""
		if a := targets.Find(target); a != nil {
			got = a.ID
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", target, got, want)
		}
	}
}

// An account that returns within a day counts what happened meanwhile.
func TestReturningAccount(t *testing.T) {
	failed := captures.Labels{Group: captures.Group{System: "magic-transit", Type: "full"}, Value: "failed"}
	for absence, want := range map[time.Duration]uint64{24 * time.Hour: 1, 24*time.Hour + 1: 0} {
		synctest.Test(t, func(t *testing.T) {
			api := new(simulation.API)
			set := newSet(t, api, newConfig(accountID), Options{})
			for _, words := range []string{"", "a:running:full", "a:failed:full"} {
				api.Account(accountID).Respond(list(words))
				if words == "a:failed:full" {
					apply(t, set, newConfig(otherID))
					time.Sleep(absence)
					apply(t, set, newConfig(accountID))
				}
				set.Targets().Accounts[0].Scrape(t.Context())
			}
			if got := set.Targets().Accounts[0].Scrape(t.Context()).Events.Finished[failed]; got != want {
				t.Errorf("after %v: %d captures failed, want %d", absence, got, want)
			}
		})
	}
}

// The states of removed accounts do not fill the memory.
func TestStatesAreBounded(t *testing.T) {
	set := newSet(t, new(simulation.API), newConfig(accountID), Options{})
	for i := range maxStates {
		set.states[fmt.Sprint(i)] = &state{used: time.Now()}
	}
	apply(t, set, newConfig(otherID))
	if n := len(set.states); n > maxStates+1 || set.states[accountID] == nil {
		t.Errorf("%d states", n)
	}
}
