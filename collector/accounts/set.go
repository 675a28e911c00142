// Package accounts keeps what outlives a scrape: the configured accounts with their
// counters, and the credentials with their API clients.
package accounts

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
)

// Options configure a Set.
type Options struct {
	BaseURL      string // of the API
	UserAgent    string
	Transport    http.RoundTripper                              // to the API; nil is one of its own for each credential
	IPVersion    string                                         // of connections to the API: any, 4 or 6
	RateLimit    int                                            // requests in any 5 minutes with each token or key; 0 is no maximum
	Series       captures.SeriesMode                            // captures to export individually
	MinInterval  time.Duration                                  // a list younger than this is not requested again
	MaxStaleness time.Duration                                  // maximum age of a list returned after a failure
	Timeout      time.Duration                                  // maximum duration of a list request
	NewHistogram func(account, typ string) prometheus.Histogram // for the durations of captures, in seconds
	OnRequest    func(cfapi.Request)                            // called after each API request
	Logger       log.Logger
}

// A Set is the accounts and credentials in use. It is safe for concurrent use.
type Set struct {
	options Options
	limiter ratelimit.Limiter // with a budget for each token or key, whatever the credentials' names

	mu       sync.Mutex // held while targets is replaced
	targets  atomic.Pointer[Targets]
	applied  chan struct{} // has an element if a configuration was applied since the last lookup
	rotation atomic.Uint64

	discovery atomic.Pointer[Discovery]
	states    map[string]*state // by account id; guarded by mu
}

// New returns a Set for a configuration. It sends no requests, so every error is in
// the configuration.
func New(ctx context.Context, cfg *config.Config, o Options) (*Set, error) {
	s := &Set{options: o, limiter: ratelimit.Limiter{Limit: o.RateLimit}, applied: make(chan struct{}, 1), states: make(map[string]*state)}
	s.targets.Store(new(Targets))
	s.discovery.Store(&Discovery{Errors: make(map[cfapi.Reason]uint64)})
	return s, s.Apply(ctx, cfg)
}

// Apply replaces the configuration, or returns an error and changes nothing.
// Accounts that are in both configurations keep their state. Concurrent calls take effect in
// any order.
func (s *Set) Apply(ctx context.Context, cfg *config.Config) error {
	credentials, err := s.newCredentials(ctx, cfg) // before the lock, because reading files may hang
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.targets.Load()
	s.replace(&Targets{Credentials: credentials, config: cfg, discovered: before.discovered})
	for _, c := range before.Credentials {
		(&http.Client{Transport: c.Client.Transport}).CloseIdleConnections()
	}
	select {
	case s.applied <- struct{}{}:
	default:
	}
	return nil
}

func (s *Set) newCredentials(ctx context.Context, cfg *config.Config) (credentials []*Credential, err error) {
	for _, name := range slices.Sorted(maps.Keys(cfg.Credentials)) {
		c, err := newCredential(ctx, name, cfg.Credentials[name], &s.limiter, &s.options)
		if err == nil {
			err = c.Check(ctx)
		}
		if err != nil {
			return nil, fmt.Errorf("credential %s: %w", name, err)
		}
		credentials = append(credentials, c)
	}
	return credentials, nil
}

// replace adds the accounts to the targets and puts these into use.
func (s *Set) replace(after *Targets) {
	s.keepStates()
	seen := make(map[string]bool)
	for _, a := range after.wanted() {
		if !seen[a.ID] {
			seen[a.ID] = true
			after.Accounts = append(after.Accounts, newAccount(a, after.credential(a.Credential), s.states[a.ID], &s.options))
		}
	}
	s.targets.Store(after)
}

const (
	stateTTL  = 24 * time.Hour // after an account was removed
	maxStates = 10_000         // with removed accounts
)

// keepStates keeps the states of the current accounts, and for a day the states of removed accounts.
func (s *Set) keepStates() {
	now := time.Now()
	for _, a := range s.targets.Load().Accounts {
		a.state.used = now
		s.states[a.ID] = a.state
	}
	maps.DeleteFunc(s.states, func(_ string, state *state) bool {
		return now.Sub(state.used) > stateTTL || len(s.states) > maxStates && state.used.Before(now)
	})
}

// Targets returns the current accounts and credentials.
func (s *Set) Targets() *Targets { return s.targets.Load() }

// Rotated returns the accounts, starting with another one on each call. So if scrapes
// do not have enough time for all accounts, other accounts fail each time.
func (s *Set) Rotated() []*Account {
	accounts := s.targets.Load().Accounts
	if len(accounts) == 0 {
		return nil
	}
	first := s.rotation.Add(1) % uint64(len(accounts))
	return slices.Concat(accounts[first:], accounts[:first])
}

// Check returns an error if no credential can be used, because its token or key, or a file for
// TLS, cannot be read.
func (s *Set) Check(ctx context.Context) error {
	var first error
	for _, c := range s.targets.Load().Credentials {
		err := c.Check(ctx)
		if err == nil {
			return nil
		}
		first = cmp.Or(first, fmt.Errorf("credential %s: %w", c.Name, err))
	}
	return first
}
