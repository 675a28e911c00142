package collector

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"cloudflare_pcap_exporter/cfapi"
)

// emitter turns the state of one account into metrics.
type emitter struct {
	account string
	metrics []prometheus.Metric
}

func (a *account) metrics(s scrape) []prometheus.Metric {
	e := emitter{account: a.ID}
	e.outcome(a, s)
	if s.listed != nil {
		e.snapshot(s.snapshot)
		e.time(snapshotTimestamp, s.fetched)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, reason := range cfapi.Reasons() {
		e.add(scrapeErrors, float64(a.errors[reason]), string(reason))
	}
	e.time(lastSuccess, a.lastSuccess)
	e.events(a.tracker)
	return e.metrics
}

func (e *emitter) outcome(a *account, s scrape) {
	e.add(up, flag(s.listed != nil))
	e.add(scrapeDuration, s.duration.Seconds())
	e.add(accountInfo, 1, clean(a.Name))
}

func (e *emitter) snapshot(s *Snapshot) {
	for group, totals := range s.Groups {
		for status, stats := range totals.ByStatus {
			e.stats(stats, group.System, group.Type, group.Colo, status)
		}
		for kind, n := range totals.Errors {
			e.add(captureErrors, float64(n), group.System, group.Type, group.Colo, kind)
		}
	}
	for field, n := range s.Unrecognized {
		e.add(unrecognized, float64(n), field)
	}
	e.add(listLimitReached, flag(s.LimitReached))
	if s.Series.mode == SeriesNone {
		return
	}
	e.add(seriesDropped, float64(s.Series.Dropped))
	for i := range s.Series.Captures {
		e.single(&s.Series.Captures[i])
	}
}

func (e *emitter) stats(s *Stats, labels ...string) {
	e.add(captures, float64(s.Captures), labels...)
	e.number(packetsCaptured, s.Packets, labels...)
	if s.StopRequested > 0 {
		e.add(stopRequested, float64(s.StopRequested), labels...)
	}
	e.time(newestSubmitted, s.Newest, labels...)
	e.time(earliestDue, s.EarliestDue, labels...)
}

func (e *emitter) single(c *Single) {
	e.add(seriesInfo, 1, c.ID, c.Group.System, c.Group.Type, c.Group.Colo, c.Bucket)
	e.add(seriesStatus, 1, c.ID, c.Status)
	e.time(seriesSubmitted, c.Submitted, c.ID)
	e.number(seriesTimeLimit, c.TimeLimit, c.ID)
	e.number(seriesByteLimit, c.ByteLimit, c.ID)
	e.number(seriesPackets, c.Packets, c.ID)
	e.time(seriesStopRequested, c.StopRequested, c.ID)
}

func (e *emitter) events(t *tracker) {
	for c, n := range t.submitted {
		e.add(submittedTotal, float64(n), c.system, c.typ)
		for status, n := range t.finished[c] {
			e.add(finishedTotal, float64(n), c.system, c.typ, status)
		}
	}
	for typ, h := range t.durations {
		desc := descs[captureDuration]
		e.metrics = append(e.metrics, labelled{h, desc, prometheus.MakeLabelPairs(desc, []string{e.account, typ})})
	}
}

// add emits a value; labels are those of the catalogue without the account.
func (e *emitter) add(metric int, value float64, labels ...string) {
	kind := prometheus.GaugeValue
	if catalogue[metric].Type == counter {
		kind = prometheus.CounterValue
	}
	labels = append([]string{e.account}, labels...)
	e.metrics = append(e.metrics, prometheus.MustNewConstMetric(descs[metric], kind, value, labels...))
}

// time emits a point in time, if there is one.
func (e *emitter) time(metric int, t time.Time, labels ...string) {
	if !t.IsZero() {
		e.add(metric, unix(t), labels...)
	}
}

// number emits a number, if there is one.
func (e *emitter) number(metric int, n cfapi.Number, labels ...string) {
	if n.Valid {
		e.add(metric, n.Value, labels...)
	}
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// labelled is a histogram that outlives the scrape, with the labels of one that
// is made for it. A Vec would have its descriptor, but not one for each account.
type labelled struct {
	prometheus.Histogram
	desc   *prometheus.Desc
	labels []*dto.LabelPair
}

func (l labelled) Desc() *prometheus.Desc { return l.desc }

func (l labelled) Write(m *dto.Metric) error {
	err := l.Histogram.Write(m)
	m.Label = l.labels
	return err
}
