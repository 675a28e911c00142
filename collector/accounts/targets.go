package accounts

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// Targets are the accounts and credentials of one configuration. They never change, so
// a scrape ends with the same targets that it started with.
type Targets struct {
	Accounts    []*Account    // the configured ones, then the discovered ones
	Credentials []*Credential // sorted by name
	Discovery   *Health       // of the lookups of accounts; nil if the configuration does not enable them
	Discovered  int           // accounts found by the last successful lookup, without excluded ones

	config  *config.Config
	visible []cfapi.Account // to the last successful lookup
}

func (t *Targets) credential(name string) *Credential {
	i := slices.IndexFunc(t.Credentials, func(c *Credential) bool { return c.Name == name })
	return t.Credentials[i] // the configuration is valid
}

// Find returns the account with the given id or name, or nil. Ids take precedence,
// because the name of a discovered account may be the id of another.
func (t *Targets) Find(target string) (named *Account) {
	for _, a := range t.Accounts {
		if a.ID == target {
			return a
		}
		if a.Name == target && target != "" {
			named = cmp.Or(named, a)
		}
	}
	return named
}

// replace adds the accounts to the targets and replaces the current ones.
func (s *Set) replace(after *Targets) {
	s.keepStates()
	wanted, exclude := slices.Clone(after.config.Accounts), after.config.Exclude
	for _, a := range after.visible {
		if slices.Contains(exclude, a.ID) || a.Name != "" && slices.Contains(exclude, a.Name) {
			continue
		}
		after.Discovered++
		if !slices.ContainsFunc(after.config.Accounts, func(configured config.Account) bool { return configured.ID == a.ID }) {
			wanted = append(wanted, config.Account{ID: a.ID, Name: a.Name, Credential: config.DefaultCredential})
		}
	}
	for _, a := range wanted {
		if s.states[a.ID] == nil {
			s.states[a.ID] = newState(a.ID, &s.options)
		}
		after.Accounts = append(after.Accounts, &Account{a.ID, a.Name, after.credential(a.Credential), s.states[a.ID]})
	}
	s.targets.Store(after)
}

const (
	stateTTL  = 24 * time.Hour // after an account was removed
	maxStates = 10_000         // without accounts that are new
)

// keepStates keeps the states of the current accounts, and for a day the states of removed accounts.
func (s *Set) keepStates() {
	now := time.Now()
	for _, a := range s.targets.Load().Accounts {
		a.used = now
	}
	maps.DeleteFunc(s.states, func(_ string, state *state) bool {
		return now.Sub(state.used) > stateTTL || len(s.states) > maxStates && state.used.Before(now)
	})
}
