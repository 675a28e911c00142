package collector

import (
	"context"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
)

// Options are what stays as it is whatever the configuration.
type Options struct {
	BaseURL      string // of the API
	UserAgent    string
	RateLimit    int           // requests in any 5 minutes for each credential; 0 is no limit of ours
	Series       SeriesMode    // which captures get series of their own
	Buckets      bool          // show the ownership of buckets
	Token        bool          // show the state of tokens
	MinInterval  time.Duration // a list younger than this is shown again
	MaxStaleness time.Duration // a list up to this old is shown after a failure
	Timeout      time.Duration // of a scrape, at most
	Offset       time.Duration // taken off the time that Prometheus allows
	Concurrency  int           // accounts listed at once by one scrape
	ConfigFile   string        // read again on a reload; "" if there is none
	MetricsPath  string
	MaxRequests  int  // scrapes served at once
	Lifecycle    bool // reload on POST /-/reload
	Pprof        bool // serve profiles
	Version      string
	Logger       log.Logger
}

// exporter keeps what outlives a scrape, and a configuration: the counters of
// each account, the client of each credential.
type exporter struct {
	options Options
	api     *apiMetrics

	applying sync.Mutex
	config   *Config         // the one applied
	found    []AccountConfig // the accounts discovered
	active   atomic.Pointer[active]
	scrapes  atomic.Uint64
}

// active is a configuration in use. It is never changed, only replaced, so a
// scrape keeps the one that it began with.
type active struct {
	accounts    []*account
	credentials map[string]*credential
	discover    bool
}

// newExporter returns an exporter of the accounts in cfg.
func newExporter(cfg *Config, o Options, api *apiMetrics) (*exporter, error) {
	e := &exporter{options: o, api: api}
	if o.Buckets {
		api.foresee(cfapi.EndpointOwnership)
	}
	if o.Token {
		api.foresee(cfapi.EndpointVerify)
	}
	e.active.Store(new(active))
	return e, e.Apply(cfg)
}

// Apply replaces the configuration, or changes nothing and returns an error.
// Accounts and credentials that are in both keep their state.
func (e *exporter) Apply(cfg *Config) error {
	e.applying.Lock()
	defer e.applying.Unlock()
	before := e.active.Load()
	after := &active{credentials: make(map[string]*credential), discover: cfg.Discover}
	for name, http := range cfg.Credentials {
		old := before.credentials[name]
		if old != nil && reflect.DeepEqual(old.config, http) {
			after.credentials[name] = old
			continue
		}
		c, err := newCredential(name, http, old, e.options, e.api)
		if err == nil {
			err = c.Check()
		}
		if err != nil {
			return fmt.Errorf("credential %s: %w", name, err)
		}
		after.credentials[name] = c
	}
	e.config = cfg
	after.accounts = e.accounts(before, after)
	e.active.Store(after)
	for name, c := range before.credentials {
		if after.credentials[name] != c {
			c.transport.retire()
		}
	}
	return nil
}

// accounts returns those of the configuration, then those discovered.
func (e *exporter) accounts(before, after *active) (accounts []*account) {
	histories := make(map[string]*history)
	for _, a := range before.accounts {
		histories[a.id] = a.history
	}
	wanted := e.config.Accounts
	if e.config.Discover {
		wanted = slices.Concat(wanted, e.found)
	}
	there := make(map[string]bool)
	for _, a := range wanted {
		if !there[a.ID] {
			there[a.ID] = true
			accounts = append(accounts, newAccount(a, after.credentials[a.Credential], histories[a.ID], e))
		}
	}
	return accounts
}

// Check returns an error if a credential cannot be read.
func (e *exporter) Check() error {
	credentials := e.active.Load().credentials
	for _, name := range slices.Sorted(maps.Keys(credentials)) {
		if err := credentials[name].Check(); err != nil {
			return fmt.Errorf("credential %s: %w", name, err)
		}
	}
	return nil
}

// Collectors returns those of every account, for one scrape.
func (e *exporter) Collectors(ctx context.Context) []prometheus.Collector {
	accounts := e.rotated(e.current(ctx).accounts)
	collectors := e.collectors(ctx, accounts)
	if e.options.Token {
		collectors = append(collectors, newTokenCollector(ctx, accounts))
	}
	return collectors
}

// rotated begins with another account on each scrape: if time is short for all,
// it is not always short for the same ones.
func (e *exporter) rotated(accounts []*account) []*account {
	if len(accounts) == 0 {
		return nil
	}
	first := e.scrapes.Add(1) % uint64(len(accounts))
	return slices.Concat(accounts[first:], accounts[:first])
}

// Probe returns the collectors of one account, given by id or name, for one
// scrape. It returns false if there is no such account. Ids come first: whoever
// owns an account that was discovered may name it like the id of another.
func (e *exporter) Probe(ctx context.Context, target string) ([]prometheus.Collector, bool) {
	accounts := e.current(ctx).accounts
	i := slices.IndexFunc(accounts, func(a *account) bool { return a.id == target })
	if i < 0 && target != "" {
		i = slices.IndexFunc(accounts, func(a *account) bool { return a.name == target })
	}
	if i < 0 {
		return nil, false
	}
	return e.collectors(ctx, accounts[i:i+1]), true
}

func (e *exporter) collectors(ctx context.Context, accounts []*account) []prometheus.Collector {
	collectors := []prometheus.Collector{&collector{ctx, accounts, e.options.Concurrency}}
	if e.options.Buckets {
		collectors = append(collectors, &bucketsCollector{ctx, accounts, e.options.Concurrency})
	}
	return collectors
}
