package collector

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

// emitter sends metrics whose first labels have the same values.
type emitter struct {
	to    chan<- prometheus.Metric
	first []string     // an account, a credential or nothing
	since *dto.Counter // created when the counters were; nil if that is unknown

	names, values []string // of the last labels
	labels        []*dto.LabelPair
}

// account emits the result of a scrape.
func (e *emitter) account(name string, s accounts.Status) {
	e.since = createdAt(s.Created)
	e.add(up, boolToFloat(s.Up))
	e.add(scrapeDuration, s.Duration.Seconds())
	e.add(accountInfo, 1, captures.Sanitize(name))
	if s.List != nil {
		e.snapshot(s.List)
	}
	for _, reason := range cfapi.Reasons() {
		e.add(scrapeErrors, float64(s.Errors[reason]), string(reason))
	}
	e.time(lastSuccess, s.LastSuccess)
	e.events(s.Events)
	for _, histogram := range s.Durations {
		e.to <- histogram
	}
}

func (e *emitter) snapshot(s *captures.Snapshot) {
	for group, totals := range s.Groups {
		for _, status := range captures.Statuses {
			if totals.ByStatus[status.Name] == nil {
				e.add(listedCaptures, 0, group.Colo, status.Name, group.System, group.Type)
			}
		}
		for status, stats := range totals.ByStatus {
			e.stats(stats, group.Colo, status, group.System, group.Type)
		}
		for _, reason := range captures.FailureReasons {
			e.add(captureErrors, float64(totals.Errors[reason]), group.Colo, reason, group.System, group.Type)
		}
	}
	for field, n := range s.Unrecognized {
		e.add(unrecognized, float64(n), field)
	}
	e.add(listLimitReached, boolToFloat(s.LimitReached))
	if s.Series.Mode == captures.SeriesNone {
		return
	}
	e.add(seriesDropped, float64(s.Series.Dropped))
	for _, c := range s.Series.Captures {
		e.single(c)
	}
}

// stats emits metrics with the same labels.
func (e *emitter) stats(s *captures.Stats, labels ...string) {
	e.add(listedCaptures, float64(s.Captures), labels...)
	e.number(packetsCaptured, s.Packets, labels...)
	if s.StopRequested > 0 {
		e.add(stopRequested, float64(s.StopRequested), labels...)
	}
	e.time(newestSubmitted, s.Newest.Submitted, labels...)
	e.time(earliestDue, s.EarliestDue(), labels...)
}

func (e *emitter) single(c *cfapi.Capture) {
	e.add(seriesInfo, 1, c.Bucket, c.ID, c.Colo, c.System, c.Type)
	e.add(seriesStatus, 1, c.ID, c.Status)
	if captures.StatusOf(c.Status).Failed {
		e.add(seriesFailure, 1, c.ID, captures.FailureReason(c.ErrorMessage))
	}
	e.time(seriesSubmitted, c.Submitted, c.ID)
	e.number(seriesTimeLimit, c.TimeLimit, c.ID)
	e.number(seriesSizeLimit, c.ByteLimit, c.ID)
	e.number(seriesPacketLimit, c.PacketLimit, c.ID)
	e.number(seriesPackets, c.Packets, c.ID)
	e.time(seriesStopRequested, c.StopRequested, c.ID)
}

func (e *emitter) events(c *captures.Counts) {
	for kind, n := range c.Submitted {
		e.add(submittedTotal, float64(n), kind.System, kind.Type)
	}
	for labels, n := range c.Finished {
		e.add(finishedTotal, float64(n), labels.Colo, labels.Value, labels.System, labels.Type)
	}
	for labels, n := range c.Failed {
		e.add(failedTotal, float64(n), labels.Colo, labels.Value, labels.System, labels.Type)
	}
}

// add emits a value. The labels are the values for the labels in the catalogue, except
// the first. With the time at which a counter started, Prometheus sees its first increase.
func (e *emitter) add(m *Metric, value float64, labels ...string) {
	if !slices.Equal(e.values, labels) || !slices.Equal(e.names, m.Labels) {
		e.names, e.values, e.labels = m.Labels, labels, labelPairs(m.Labels, slices.Concat(e.first, labels), e.labels)
	}
	e.to <- &sample{m, e.labels, value, e.since}
}

// time emits a time unless it is zero.
func (e *emitter) time(m *Metric, t time.Time, labels ...string) {
	if !t.IsZero() {
		e.add(m, timestamp(t), labels...)
	}
}

// number emits a number unless it is absent.
func (e *emitter) number(m *Metric, n cfapi.Number, labels ...string) {
	if n.Valid {
		e.add(m, n.Value, labels...)
	}
}

func boolToFloat(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// timestamp returns a time in seconds since the Unix epoch.
func timestamp(t time.Time) float64 {
	return float64(t.UnixMicro()) / 1e6
}
