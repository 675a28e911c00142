package accounts

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
)

// An Account is an account of a configuration.
type Account struct {
	ID, Name   string
	Credential *Credential

	options *Options
	state   *state
}

// newAccount returns an account. It takes over the state of its predecessor with the
// same id; nil if there is none.
func newAccount(cfg config.Account, c *Credential, s *state, o *Options) *Account {
	if s == nil {
		s = newState(cfg.ID, o)
	}
	return &Account{ID: cfg.ID, Name: cfg.Name, Credential: c, options: o, state: s}
}

// A Scrape is the result of scraping an account. Nothing in it may be changed.
type Scrape struct {
	Up          bool // the captures were listed
	Duration    time.Duration
	List        *captures.Snapshot // nil if there is none to export
	LastSuccess time.Time          // zero before the first success
	Errors      map[cfapi.Reason]uint64
	Events      *captures.Counts
	Durations   map[string]prometheus.Histogram // of captures, by type
	Created     time.Time                       // when the counters started at 0
}

// Scrape lists the captures, or waits for a list request that is under way.
func (a *Account) Scrape(ctx context.Context) Scrape {
	start := time.Now()
	a.state.scraped(start)
	var err error
	list := a.state.youngerThan(a.options.MinInterval)
	if list == nil {
		list, err = a.state.group.Do(ctx, a.list)
	}
	if err != nil {
		list = a.state.youngerThan(a.options.MaxStaleness)
	}
	s := a.state.scrape()
	s.Up, s.Duration, s.List = err == nil, time.Since(start), list
	if list != nil {
		s.LastSuccess = list.Fetched // another scrape may have succeeded since
	}
	return s
}

func (a *Account) list(ctx context.Context) (*captures.Snapshot, error) {
	list, err := a.Credential.Client.Captures(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	fetched := time.Now().Round(0) // the monotonic clock stands still while the machine sleeps
	return captures.New(&list, fetched, a.options.Series), nil
}

// Buckets returns the buckets of the account, requested at most every 5 minutes. It
// returns false after a failure.
func (a *Account) Buckets(ctx context.Context) ([]cfapi.Bucket, bool) {
	buckets, err := a.state.buckets.Do(ctx, func(ctx context.Context) ([]cfapi.Bucket, error) {
		return a.Credential.Client.Buckets(ctx, a.ID)
	})
	return buckets, err == nil
}
