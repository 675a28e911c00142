package accounts

import (
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

// state is the state of an account that is kept between scrapes and across configurations.
type state struct {
	logger       log.Logger
	created      time.Time
	newHistogram func(typ string) prometheus.Histogram
	group        coalesce.Group[*captures.Snapshot]
	buckets      *coalesce.Group[[]cfapi.Bucket]
	used         time.Time // when a configuration had the account; guarded by the Set

	mu          sync.Mutex
	tracker     *captures.Tracker
	durations   map[string]prometheus.Histogram // replaced, never changed
	errors      map[cfapi.Reason]uint64         // replaced, never changed
	lastScrape  time.Time
	lastSuccess time.Time
	last        *captures.Snapshot // nil before the first
	failure     Failure
}

func newState(id string, o *Options) *state {
	logger := log.With(o.Logger, "account", id)
	s := &state{
		logger:       logger,
		created:      time.Now(),
		newHistogram: func(typ string) prometheus.Histogram { return o.NewHistogram(id, typ) },
		buckets:      newCache[[]cfapi.Bucket]("listing buckets", bucketsTTL, o.Timeout, logger),
		tracker:      captures.NewTracker(),
		durations:    make(map[string]prometheus.Histogram),
		errors:       make(map[cfapi.Reason]uint64),
	}
	s.group = coalesce.Group[*captures.Snapshot]{Timeout: o.Timeout, OnResult: s.record}
	s.duration("full")
	return s
}

func (s *state) scraped(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastScrape = now
}

// youngerThan returns the last list if it is younger than the given age, else nil. A list from the
// future, before the clock was corrected, has no age.
func (s *state) youngerThan(maximum time.Duration) *captures.Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == nil {
		return nil
	}
	if age := time.Since(s.last.Fetched); age < 0 || age >= maximum {
		return nil
	}
	return s.last
}

// record records the result of a list request, or the error of a scrape that left
// before the result.
func (s *state) record(list *captures.Snapshot, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure.observe(s.logger, "listing captures", err, hint(err))
	if err != nil {
		s.errors = maps.Clone(s.errors)
		s.errors[cfapi.ReasonOf(err)]++
		return
	}
	finishes := s.tracker.Record(list)
	for _, f := range finishes {
		if f.Took >= 0 {
			s.duration(f.Type).Observe(f.Took.Seconds())
		}
		if captures.StatusOf(f.Status).Failed {
			level.Info(s.logger).Log("msg", "capture failed", "id", f.ID, "type", f.Type, "colo", f.Colo,
				"reason", captures.FailureReason(f.ErrorMessage), "message", captures.CleanMessage(f.ErrorMessage))
		}
	}
	s.last, s.lastSuccess = list, list.Fetched
}

// duration returns the histogram of a type.
func (s *state) duration(typ string) prometheus.Histogram {
	if s.durations[typ] == nil {
		s.durations = maps.Clone(s.durations)
		s.durations[typ] = s.newHistogram(typ)
	}
	return s.durations[typ]
}

// scrape returns the part of a Scrape that is kept.
func (s *state) scrape() Scrape {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Scrape{LastSuccess: s.lastSuccess, Errors: s.errors, Events: s.tracker.Counts(), Durations: s.durations, Created: s.created}
}

// A Status is the state of an account after its last scrape.
type Status struct {
	LastScrape  time.Time          // zero before the first
	LastSuccess time.Time          // zero before the first
	List        *captures.Snapshot // of the last success; nil before the first
	Failure                        // of the last list request
}

// Status returns the state of the account. It sends no request.
func (a *Account) Status() Status {
	s := a.state
	s.mu.Lock()
	defer s.mu.Unlock()
	return Status{LastScrape: s.lastScrape, LastSuccess: s.lastSuccess, List: s.last, Failure: s.failure}
}
