package accounts

import (
	"slices"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// Targets are the accounts and credentials of one configuration. They never change, so
// a scrape ends with the same targets that it started with.
type Targets struct {
	Accounts    []*Account    // the configured ones, then the discovered ones
	Credentials []*Credential // sorted by name

	config     *config.Config
	discovered []cfapi.Account // by the last lookup
}

// wanted returns the configured accounts, then the discovered ones.
func (t *Targets) wanted() []config.Account {
	wanted := slices.Clone(t.config.Accounts)
	if !t.config.Discover {
		return wanted
	}
	for _, a := range t.discovered {
		if !slices.Contains(t.config.Exclude, a.ID) && (a.Name == "" || !slices.Contains(t.config.Exclude, a.Name)) {
			wanted = append(wanted, config.Account{ID: a.ID, Name: a.Name, Credential: config.DefaultCredential})
		}
	}
	return wanted
}

func (t *Targets) credential(name string) *Credential {
	i := slices.IndexFunc(t.Credentials, func(c *Credential) bool { return c.Name == name })
	if i < 0 {
		return nil
	}
	return t.Credentials[i]
}

// Find returns the account with the given id or name, or nil. Ids take precedence,
// because the name of a discovered account may be the id of another.
func (t *Targets) Find(target string) *Account {
	i := slices.IndexFunc(t.Accounts, func(a *Account) bool { return a.ID == target })
	if i < 0 && target != "" {
		i = slices.IndexFunc(t.Accounts, func(a *Account) bool { return a.Name == target })
	}
	if i < 0 {
		return nil
	}
	return t.Accounts[i]
}
