package collector

import (
	"context"
	"sync"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/page"
)

// account is an account of a configuration.
type account struct {
	id, name   string
	credential *credential
	options    Options
	*history
}

// history is what is kept of an account from scrape to scrape, and from
// configuration to configuration.
type history struct {
	logger  log.Logger
	flight  flight[*listed]
	keep    bool // the last list may be shown again
	buckets *buckets

	mu          sync.Mutex
	tracker     *tracker
	errors      map[cfapi.Reason]uint64
	lastScrape  time.Time
	lastSuccess time.Time
	last        *listed    // nil if there is none, or it is not kept
	seen        *page.List // the last list for people; nil if there is none
	failing     failing
}

// listed is the outcome of one listing.
type listed struct {
	snapshot *Snapshot
	sighting *sighting
	fetched  time.Time
	seen     *page.List
}

// scrape is the outcome of one listing for one of those who asked for it.
type scrape struct {
	*listed  // nil if there is nothing to show
	up       bool
	duration time.Duration
}

// newAccount returns an account with the history of the one that had its id; nil
// if there was none.
func newAccount(cfg AccountConfig, c *credential, h *history, e *exporter) *account {
	if h == nil {
		h = &history{
			logger:  log.With(e.options.Logger, "account", cfg.ID),
			buckets: newBuckets(cfg.ID, e.options.Timeout, e.options.Logger),
			keep:    e.options.MinInterval > 0 || e.options.MaxStaleness > 0,
			tracker: newTracker(),
			errors:  make(map[cfapi.Reason]uint64),
		}
		h.flight = flight[*listed]{timeout: e.options.Timeout, settle: h.settle, shared: e.api.coalesced.Inc}
	}
	return &account{id: cfg.ID, name: cfg.Name, credential: c, options: e.options, history: h}
}

// scrape lists the captures, or waits for a listing that is under way.
func (a *account) scrape(ctx context.Context) scrape {
	start := time.Now()
	a.scraped(start)
	if last := a.notOlder(a.options.MinInterval); last != nil {
		return scrape{listed: last, up: true, duration: time.Since(start)}
	}
	got, err := a.flight.do(ctx, a.list)
	if err != nil {
		got = a.notOlder(a.options.MaxStaleness)
	}
	return scrape{listed: got, up: err == nil, duration: time.Since(start)}
}

func (h *history) scraped(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lastScrape = now
}

// notOlder returns the last list if it is younger than that.
func (h *history) notOlder(age time.Duration) *listed {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.last == nil || time.Since(h.last.fetched) >= age {
		return nil
	}
	return h.last
}

func (a *account) list(ctx context.Context) (*listed, error) {
	a.mu.Lock()
	got := &listed{snapshot: NewSnapshot(a.options.Series), sighting: a.tracker.begin(time.Now())}
	a.mu.Unlock()
	info := cfapi.ListInfo{Keys: got.sighting.listed}
	distinct := 0
	for capture, err := range a.credential.Client.Captures(ctx, a.id, &info) {
		if err != nil {
			return nil, err
		}
		distinct++
		group, status := got.snapshot.Add(&capture)
		got.sighting.add(&capture, group, status)
		if capture.ErrorMessage != "" {
			level.Debug(a.logger).Log("msg", "capture with an error", "id", clean(capture.ID), "err", withoutQueries(capture.ErrorMessage))
		}
	}
	got.snapshot.Finish(info, distinct)
	got.fetched = time.Now()
	got.seen = got.snapshot.view(got.fetched)
	return got, nil
}

// settle takes in the outcome of a listing, or of waiting for one.
func (h *history) settle(got *listed, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.failing.note(h.logger, "listing captures", err)
	if err != nil {
		h.errors[cfapi.ReasonOf(err)]++
		return
	}
	h.tracker.commit(got.sighting)
	h.lastSuccess = got.fetched
	h.seen = got.seen
	if h.keep {
		h.last = got
	}
}
