package collector

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
)

// Options are what all accounts have in common, whatever the configuration.
type Options struct {
	BaseURL      string // of the API
	UserAgent    string
	RateLimit    int           // requests in any 5 minutes for each credential; 0 is no limit of ours
	Series       SeriesMode    // which captures get series of their own
	MinInterval  time.Duration // a list younger than this is shown again
	MaxStaleness time.Duration // a list up to this old is shown after a failure
	Timeout      time.Duration // of a listing, whoever waits for it
	Concurrency  int           // accounts listed at once by one scrape
	Logger       log.Logger
}

// Exporter keeps what outlives a scrape, and a configuration: the counters of
// each account, the client of each credential.
type Exporter struct {
	options Options
	api     *APIMetrics

	applying sync.Mutex
	active   atomic.Pointer[active]
}

// active is a configuration in use. It is never changed, only replaced, so a
// scrape keeps the one that it began with.
type active struct {
	accounts    []*account
	credentials map[string]*Credential
}

// NewExporter returns an exporter of the accounts in cfg.
func NewExporter(cfg *Config, o Options, api *APIMetrics) (*Exporter, error) {
	e := &Exporter{options: o, api: api}
	e.active.Store(new(active))
	return e, e.Apply(cfg)
}

// Apply replaces the configuration, or changes nothing and returns an error.
// Accounts and credentials that are in both keep their state.
func (e *Exporter) Apply(cfg *Config) error {
	e.applying.Lock()
	defer e.applying.Unlock()
	before := e.active.Load()
	after := &active{credentials: make(map[string]*Credential)}
	for name, http := range cfg.Credentials {
		if old := before.credentials[name]; old != nil && reflect.DeepEqual(old.config, http) {
			after.credentials[name] = old
			continue
		}
		c, err := newCredential(name, http, e.options, e.api)
		if err != nil {
			return fmt.Errorf("credential %s: %w", name, err)
		}
		after.credentials[name] = c
	}
	histories := make(map[string]*history)
	for _, a := range before.accounts {
		histories[a.id] = a.history
	}
	for _, a := range cfg.Accounts {
		credential := after.credentials[a.Credential]
		if credential == nil {
			return fmt.Errorf("account %s: there is no credential %q", a.ID, a.Credential)
		}
		after.accounts = append(after.accounts, newAccount(a, credential, histories[a.ID], e))
	}
	e.active.Store(after)
	for name, c := range before.credentials {
		if after.credentials[name] != c {
			c.transport.CloseIdleConnections()
		}
	}
	return nil
}

// Check returns an error if a credential cannot be read.
func (e *Exporter) Check() error {
	credentials := e.active.Load().credentials
	for _, name := range slices.Sorted(maps.Keys(credentials)) {
		if err := credentials[name].Check(); err != nil {
			return fmt.Errorf("credential %s: %w", name, err)
		}
	}
	return nil
}
