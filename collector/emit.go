package collector

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

// emitter creates metrics with the same value of the first label.
type emitter struct {
	first   string                 // value of the first label: an account or a credential
	created *timestamppb.Timestamp // when the counters started at 0; nil if unknown
	metrics []prometheus.Metric
}

// account emits the result of a scrape.
func (e *emitter) account(name string, s accounts.Scrape) {
	e.created = timestamppb.New(s.Created)
	e.add(up, boolToFloat(s.Up))
	e.add(scrapeDuration, s.Duration.Seconds())
	e.add(accountInfo, 1, captures.Sanitize(name))
	if s.List != nil {
		e.snapshot(s.List)
		e.time(snapshotTimestamp, s.List.Fetched)
	}
	for _, reason := range cfapi.Reasons() {
		e.add(scrapeErrors, float64(s.Errors[reason]), string(reason))
	}
	e.time(lastSuccess, s.LastSuccess)
	e.events(s.Events)
	for typ, h := range s.Durations {
		e.metrics = append(e.metrics, &labelledHistogram{h, descs[captureDuration], e.labels(captureDuration, typ)})
	}
}

func (e *emitter) snapshot(s *captures.Snapshot) {
	for group, totals := range s.Groups {
		shared := e.labels(listedCaptures, group.System, group.Type, group.Colo, "")
		for _, status := range captures.Statuses {
			if totals.ByStatus[status.Name] == nil {
				e.value(listedCaptures, 0, withLabel(shared, "status", status.Name))
			}
		}
		for status, stats := range totals.ByStatus {
			e.stats(stats, withLabel(shared, "status", status))
		}
		for _, reason := range captures.FailureReasons {
			if reason != captures.None {
				e.value(captureErrors, float64(totals.Errors[reason]), withLabel(shared, "reason", reason))
			}
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
func (e *emitter) stats(s *captures.Stats, labels []*dto.LabelPair) {
	e.value(listedCaptures, float64(s.Captures), labels)
	if s.Packets.Valid {
		e.value(packetsCaptured, s.Packets.Value, labels)
	}
	if s.StopRequested > 0 {
		e.value(stopRequested, float64(s.StopRequested), labels)
	}
	if !s.Newest.Submitted.IsZero() {
		e.value(newestSubmitted, timestamp(s.Newest.Submitted), labels)
	}
	if due := s.EarliestDue(); !due.IsZero() {
		e.value(earliestDue, timestamp(due), labels)
	}
}

func (e *emitter) single(c *cfapi.Capture) {
	e.add(seriesInfo, 1, c.ID, c.System, c.Type, c.Colo, c.Bucket)
	e.add(seriesStatus, 1, c.ID, c.Status)
	e.time(seriesSubmitted, c.Submitted, c.ID)
	e.number(seriesTimeLimit, c.TimeLimit, c.ID)
	e.number(seriesByteLimit, c.ByteLimit, c.ID)
	e.number(seriesPackets, c.Packets, c.ID)
	e.time(seriesStopRequested, c.StopRequested, c.ID)
}

func (e *emitter) events(c *captures.Counts) {
	for kind, n := range c.Submitted {
		e.add(submittedTotal, float64(n), kind.System, kind.Type)
	}
	for labels, n := range c.Finished {
		e.add(finishedTotal, float64(n), labels.System, labels.Type, labels.Value)
	}
	for labels, n := range c.Failed {
		e.add(failedTotal, float64(n), labels.System, labels.Type, labels.Colo, labels.Value)
	}
}

// add emits a value. The labels are the values for the labels in the catalogue, except
// the first.
func (e *emitter) add(metric int, value float64, labels ...string) {
	e.value(metric, value, e.labels(metric, labels...))
}

// time emits a time unless it is zero.
func (e *emitter) time(metric int, t time.Time, labels ...string) {
	if !t.IsZero() {
		e.add(metric, timestamp(t), labels...)
	}
}

// number emits a number unless it is absent.
func (e *emitter) number(metric int, n cfapi.Number, labels ...string) {
	if n.Valid {
		e.add(metric, n.Value, labels...)
	}
}

func (e *emitter) value(metric int, value float64, labels []*dto.LabelPair) {
	e.metrics = append(e.metrics, &sample{metric, value, labels, e.created})
}

func (e *emitter) labels(metric int, values ...string) []*dto.LabelPair {
	return labelPairs(metric, e.first, values)
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
