package collector

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
)

// Lister lists the captures of an account; *cfapi.Client is one.
type Lister interface {
	Captures(ctx context.Context, account string, info *cfapi.ListInfo) iter.Seq2[cfapi.Capture, error]
}

// Account is a Cloudflare account to export.
type Account struct {
	ID   string // 32 lower-case hex digits
	Name string // for people; may be ""
	API  Lister
}

// account is what is kept of an Account between scrapes.
type account struct {
	Account
	series SeriesMode
	logger log.Logger
	flight flight[*listed]

	mu          sync.Mutex
	tracker     *tracker
	errors      map[cfapi.Reason]uint64
	lastSuccess time.Time
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
	*listed  // nil if it failed
	duration time.Duration
}

func newAccount(a Account, o Options, coalesced prometheus.Counter) *account {
	acc := &account{
		Account: a,
		series:  o.Series,
		logger:  log.With(o.Logger, "account", a.ID),
		tracker: newTracker(),
		errors:  make(map[cfapi.Reason]uint64),
	}
	acc.flight = flight[*listed]{timeout: o.Timeout, settle: acc.settle, shared: coalesced.Inc}
	return acc
}

// scrape lists the captures, or waits for a listing that is under way.
func (a *account) scrape(ctx context.Context) scrape {
	start := time.Now()
	got, err := a.flight.do(ctx, a.list)
	if err != nil {
		got = nil
	}
	return scrape{listed: got, duration: time.Since(start)}
}

func (a *account) list(ctx context.Context) (*listed, error) {
	a.mu.Lock()
	got := &listed{snapshot: NewSnapshot(a.series), sighting: a.tracker.begin(time.Now())}
	a.mu.Unlock()
	info := cfapi.ListInfo{Keys: got.sighting.listed}
	distinct := 0
	for capture, err := range a.API.Captures(ctx, a.ID, &info) {
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
func (a *account) settle(got *listed, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var reason cfapi.Reason
	if err == nil {
		a.tracker.commit(got.sighting)
		a.lastSuccess = got.fetched
	} else {
		reason = cfapi.ReasonOf(err)
		a.errors[reason]++
	}
	switch a.failing, reason = reason, a.failing; {
	case a.failing == reason:
		if err != nil {
			level.Debug(a.logger).Log("msg", "listing captures still fails", "reason", reason, "err", err)
		}
	case err == nil:
		level.Info(a.logger).Log("msg", "listing captures works again")
	default:
		level.Warn(a.logger).Log("msg", "listing captures failed", "reason", a.failing, "err", err, "hint", hints[a.failing])
	}
}
