package collector

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
)

// Lister lists the captures of an account; *cfapi.Client is one.
type Lister interface {
	Captures(ctx context.Context, account string, info *cfapi.ListInfo) iter.Seq2[cfapi.Capture, error]
}

// account is an account of a configuration.
type account struct {
	id, name string
	api      Lister
	options  Options
	*history
}

// history is what is kept of an account from scrape to scrape, and from
// configuration to configuration.
type history struct {
	logger log.Logger
	flight flight[*listed]
	keep   bool // the last list may be shown again

	mu          sync.Mutex
	tracker     *tracker
	errors      map[cfapi.Reason]uint64
	lastSuccess time.Time
	last        *listed      // nil if there is none, or it is not kept
	failing     cfapi.Reason // why the last listing failed; "" if it did not
}

// listed is the outcome of one listing.
type listed struct {
	snapshot *Snapshot
	sighting *sighting
	fetched  time.Time
}

// scrape is the outcome of one listing for one of those who asked for it.
type scrape struct {
	*listed  // nil if there is nothing to show
	up       bool
	duration time.Duration
}

// newAccount returns an account with the history of the one that had its id; nil
// if there was none.
func newAccount(cfg AccountConfig, c *Credential, h *history, e *Exporter) *account {
	if h == nil {
		h = &history{
			logger:  log.With(e.options.Logger, "account", cfg.ID),
			keep:    e.options.MinInterval > 0 || e.options.MaxStaleness > 0,
			tracker: newTracker(),
			errors:  make(map[cfapi.Reason]uint64),
		}
		h.flight = flight[*listed]{timeout: e.options.Timeout, settle: h.settle, shared: e.api.coalesced.Inc}
	}
	return &account{id: cfg.ID, name: cfg.Name, api: c.Client, options: e.options, history: h}
}

// scrape lists the captures, or waits for a listing that is under way.
func (a *account) scrape(ctx context.Context) scrape {
	start := time.Now()
	if last := a.notOlder(a.options.MinInterval); last != nil {
		return scrape{listed: last, up: true, duration: time.Since(start)}
	}
	got, err := a.flight.do(ctx, a.list)
	if err != nil {
		got = a.notOlder(a.options.MaxStaleness)
	}
	return scrape{listed: got, up: err == nil, duration: time.Since(start)}
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
	for capture, err := range a.api.Captures(ctx, a.id, &info) {
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
	return got, nil
}

// settle takes in the outcome of a listing, or of waiting for one.
func (h *history) settle(got *listed, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var reason cfapi.Reason
	if err == nil {
		h.tracker.commit(got.sighting)
		h.lastSuccess = got.fetched
		if h.keep {
			h.last = got
		}
	} else {
		reason = cfapi.ReasonOf(err)
		h.errors[reason]++
	}
	switch h.failing, reason = reason, h.failing; {
	case h.failing == reason:
		if err != nil {
			level.Debug(h.logger).Log("msg", "listing captures still fails", "reason", reason, "err", err)
		}
	case err == nil:
		level.Info(h.logger).Log("msg", "listing captures works again")
	default:
		level.Warn(h.logger).Log("msg", "listing captures failed", "reason", h.failing, "err", err, "hint", hints[h.failing])
	}
}
