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
	e := emitter{account: a.id, metrics: make([]prometheus.Metric, 0, 256)}
	e.add(up, flag(s.up))
	e.add(scrapeDuration, s.duration.Seconds())
	e.add(accountInfo, 1, clean(a.name))
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

func (e *emitter) snapshot(s *Snapshot) {
	for group, totals := range s.Groups {
		shared := e.labels(captures, group.System, group.Type, group.Colo, "")
		for status, stats := range totals.ByStatus {
			e.stats(stats, relabelled(shared, "status", status))
		}
		for kind, n := range totals.Errors {
			e.value(captureErrors, float64(n), relabelled(shared, "reason", kind))
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

// stats emits metrics that have their labels in common.
func (e *emitter) stats(s *Stats, labels []*dto.LabelPair) {
	e.value(captures, float64(s.Captures), labels)
	if s.Packets.Valid {
		e.value(packetsCaptured, s.Packets.Value, labels)
	}
	if s.StopRequested > 0 {
		e.value(stopRequested, float64(s.StopRequested), labels)
	}
	if !s.Newest.IsZero() {
		e.value(newestSubmitted, unix(s.Newest), labels)
	}
	if !s.EarliestDue.IsZero() {
		e.value(earliestDue, unix(s.EarliestDue), labels)
	}
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
		e.metrics = append(e.metrics, &labelled{h, descs[captureDuration], e.labels(captureDuration, typ)})
	}
}

// add emits a value; labels are those of the catalogue after the account.
func (e *emitter) add(metric int, value float64, labels ...string) {
	e.value(metric, value, e.labels(metric, labels...))
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

func (e *emitter) value(metric int, value float64, labels []*dto.LabelPair) {
	e.metrics = append(e.metrics, &sample{metric, value, labels})
}

func (e *emitter) labels(metric int, values ...string) []*dto.LabelPair {
	return labelPairs(metric, e.account, values)
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// unix is a time as Prometheus has it: in seconds.
func unix(t time.Time) float64 {
	return float64(t.UnixMicro()) / 1e6
}
