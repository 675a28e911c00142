// Package accounts keeps what outlives a scrape: the configured accounts with their
// counters, and the credentials with their API clients.
package accounts

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
)

// Options configure a Set.
type Options struct {
	BaseURL      string // of the API
	UserAgent    string
	IPVersion    string                      // of connections to the API: any, 4 or 6
	RateLimit    int                         // requests in any 5 minutes with each credential; 0 is no maximum
	Series       captures.SeriesMode         // captures to export individually
	MinInterval  time.Duration               // a list younger than this is not requested again
	MaxStaleness time.Duration               // maximum age of a list returned after a failure
	Timeout      time.Duration               // maximum duration of a list request
	NewHistogram func() prometheus.Histogram // for the duration of captures, in seconds
	OnRequest    func(cfapi.Request)         // called after each API request
	OnShared     func()                      // called for each scrape that shares a list request
	Logger       log.Logger
}

// A Set is the accounts and credentials in use. It is safe for concurrent use.
type Set struct {
	options Options

	mu         sync.Mutex // held while targets is replaced
	config     *config.Config
	discovered []config.Account
	targets    atomic.Pointer[Targets]
	scrapes    atomic.Uint64
}

// Targets are the accounts and credentials of one configuration. They never change, so
// a scrape ends with the same targets that it started with.
type Targets struct {
	Accounts    []*Account
	Credentials []*Credential // sorted by name

	discover bool
}

// New returns a Set for a configuration. It sends no requests, so every error is in
// the configuration.
func New(ctx context.Context, cfg *config.Config, o Options) (*Set, error) {
	s := &Set{options: o}
	s.targets.Store(new(Targets))
	return s, s.Apply(ctx, cfg)
}

// Apply replaces the configuration, or returns an error and changes nothing.
// Accounts and credentials that are in both configurations keep their state.
func (s *Set) Apply(ctx context.Context, cfg *config.Config) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.targets.Load()
	after := &Targets{discover: cfg.Discover}
	for name, client := range cfg.Credentials {
		old := before.credential(name)
		if old != nil && reflect.DeepEqual(old.config, client) {
			after.Credentials = append(after.Credentials, old)
			continue
		}
		c, err := newCredential(name, client, old, &s.options)
		if err == nil {
			err = c.Check(ctx)
		}
		if err != nil {
			return fmt.Errorf("credential %s: %w", name, err)
		}
		after.Credentials = append(after.Credentials, c)
	}
	slices.SortFunc(after.Credentials, func(a, b *Credential) int { return strings.Compare(a.Name, b.Name) })
	s.config = cfg
	after.Accounts = s.accounts(before, after)
	s.targets.Store(after)
	for _, c := range before.Credentials {
		if !slices.Contains(after.Credentials, c) {
			(&http.Client{Transport: c.Client.Transport}).CloseIdleConnections()
		}
	}
	return nil
}

// accounts returns the configured accounts, then the discovered ones.
func (s *Set) accounts(before, after *Targets) (accounts []*Account) {
	states := make(map[string]*state)
	for _, a := range before.Accounts {
		states[a.ID] = a.state
	}
	wanted := s.config.Accounts
	if s.config.Discover {
		wanted = slices.Concat(wanted, s.discovered)
	}
	seen := make(map[string]bool)
	for _, a := range wanted {
		if !seen[a.ID] {
			seen[a.ID] = true
			accounts = append(accounts, newAccount(a, after.credential(a.Credential), states[a.ID], &s.options))
		}
	}
	return accounts
}

// Targets returns the current accounts and credentials.
func (s *Set) Targets() *Targets { return s.targets.Load() }

// Rotated returns the accounts, starting with another one on each call. So if scrapes
// do not have enough time for all accounts, other accounts fail each time. Rotated also
// looks up the accounts to be discovered, if that is due.
func (s *Set) Rotated(ctx context.Context) []*Account {
	accounts := s.Refresh(ctx).Accounts
	if len(accounts) == 0 {
		return nil
	}
	first := s.scrapes.Add(1) % uint64(len(accounts))
	return slices.Concat(accounts[first:], accounts[:first])
}

// Check returns an error if a credential or a file for TLS cannot be read.
func (s *Set) Check(ctx context.Context) error {
	for _, c := range s.targets.Load().Credentials {
		if err := c.Check(ctx); err != nil {
			return fmt.Errorf("credential %s: %w", c.Name, err)
		}
	}
	return nil
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
