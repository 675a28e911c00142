package accounts

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/coalesce"
)

// bucketsTTL is the minimum interval between two requests for buckets.
const bucketsTTL = 5 * time.Minute

// An Account is an account of a configuration, and its state, which is kept across configurations.
type Account struct {
	ID, Name   string
	Credential *Credential
	*state
}

// state is the part of an account that is kept across scrapes and reloads.
type state struct {
	id      string
	options *Options
	logger  log.Logger
	lists   coalesce.Group[*captures.Snapshot]
	buckets *coalesce.Group[[]cfapi.Bucket]
	used    time.Time // when a configuration had the account; guarded by the Set

	mu      sync.Mutex
	tracker *captures.Tracker
	status  Status
}

// A Status is the state of an account. Nothing in it may be changed.
type Status struct {
	Health                        // of the list requests
	Up         bool               // the captures were listed; only set by Scrape
	Duration   time.Duration      // of the scrape; only set by Scrape
	LastScrape time.Time          // start of the last one; zero before the first
	List       *captures.Snapshot // of the last success; nil if there is none
	Events     *captures.Counts
	Durations  map[string]prometheus.Histogram // of captures, by type; replaced, never changed
	Created    time.Time                       // when the counters started at 0
}

func newState(id string, o *Options) *state {
	now := time.Now()
	logger := log.With(o.Logger, "account", id)
	s := &state{
		id:      id,
		options: o,
		logger:  logger,
		buckets: newCache[[]cfapi.Bucket]("listing buckets", bucketsTTL, o.Timeout, logger),
		used:    now,
		tracker: captures.NewTracker(),
	}
	s.lists = coalesce.Group[*captures.Snapshot]{Timeout: o.Timeout, OnResult: s.record}
	s.status = Status{Events: s.tracker.Counts(), Durations: make(map[string]prometheus.Histogram), Created: now}
	s.duration("full")
	return s
}

// Scrape lists the captures, or waits for a list request that is under way.
func (a *Account) Scrape(ctx context.Context) Status {
	start := time.Now()
	a.scraped(start)
	s := a.Status()
	var err error
	if !s.isFresh(a.options.MinInterval) {
		_, err = a.lists.Do(ctx, a.list)
		s = a.Status()
	}
	s.Up, s.Duration = err == nil, time.Since(start)
	if err != nil && !s.isFresh(a.options.MaxStaleness) {
		s.List = nil
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
// returns none after a failure, which is logged.
func (a *Account) Buckets(ctx context.Context) []cfapi.Bucket {
	buckets, _ := a.buckets.Do(ctx, func(ctx context.Context) ([]cfapi.Bucket, error) {
		return a.Credential.Client.Buckets(ctx, a.ID)
	})
	return buckets
}

// record records the result of a list request, or the error of a scrape that ended
// before it.
func (s *state) record(list *captures.Snapshot, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.observe(s.logger, "listing captures", err, hint)
	if err != nil {
		return
	}
	for _, f := range s.tracker.Record(list) {
		if f.Took >= 0 {
			s.duration(f.Type).Observe(f.Took.Seconds())
		}
		if captures.StatusOf(f.Status).Failed {
			level.Info(s.logger).Log("msg", "capture failed", "id", f.ID, "type", f.Type, "colo", f.Colo,
				"reason", captures.FailureReason(f.ErrorMessage), "message", captures.CleanMessage(f.ErrorMessage))
		}
	}
	s.status.List, s.status.Events = list, s.tracker.Counts()
}

// duration returns the histogram of a type.
func (s *state) duration(typ string) prometheus.Histogram {
	if s.status.Durations[typ] == nil {
		s.status.Durations = maps.Clone(s.status.Durations)
		s.status.Durations[typ] = s.options.NewHistogram(s.id, typ)
	}
	return s.status.Durations[typ]
}

// scraped records the start of a scrape.
func (s *state) scraped(start time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status.LastScrape = start
}

// Status returns the state of the account. It sends no request.
func (s *state) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// isFresh reports whether the list is younger than the given age. It is not if it is from the
// future, because the clock was set back.
func (s *Status) isFresh(maximum time.Duration) bool {
	if s.List == nil {
		return false
	}
	age := time.Since(s.List.Fetched)
	return age >= 0 && age < maximum
}
