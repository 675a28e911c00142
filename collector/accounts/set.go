// Package accounts keeps what outlives a scrape: the configured accounts with their
// counters, and the credentials with their API clients.
package accounts

import (
	"cmp"
	"context"
	"fmt"
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
	options  Options
	limiter  ratelimit.Limiter // with a budget for each token or key, whatever the credentials' names
	targets  atomic.Pointer[Targets]
	rotation atomic.Uint64
	applied  chan struct{} // has an element if a configuration was applied since the last lookup

	mu     sync.Mutex        // held while targets is replaced
	states map[string]*state // by account id; guarded by mu
}

// New returns a Set for a configuration. It sends no requests, so every error is in
// the configuration.
func New(ctx context.Context, cfg *config.Config, o Options) (*Set, error) {
	s := &Set{options: o, limiter: ratelimit.Limiter{Limit: o.RateLimit}, applied: make(chan struct{}, 1), states: make(map[string]*state)}
	s.targets.Store(new(Targets))
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
	after := &Targets{Credentials: credentials, config: cfg}
	if cfg.Discover {
		after.Discovery, after.visible = cmp.Or(before.Discovery, new(Health)), before.visible
	}
	s.replace(after)
	for _, c := range before.Credentials {
		(&http.Client{Transport: c.Client.Transport}).CloseIdleConnections()
	}
	select {
	case s.applied <- struct{}{}:
	default:
	}
	return nil
}

// Targets returns the current accounts and credentials.
func (s *Set) Targets() *Targets { return s.targets.Load() }

// Rotate returns the accounts, starting with another one on each call. So if scrapes
// do not have enough time for all accounts, different accounts fail each time.
func (s *Set) Rotate() []*Account {
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
