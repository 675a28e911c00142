package collector

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// sample is a constant gauge or counter that shares its labels with others. Labels of its own
// would be most of the memory of a response.
type sample struct {
	*Metric

	labels []*dto.LabelPair
	value  float64
	since  *dto.Counter // created when this counter was; nil if that is unknown
}

// Desc implements prometheus.Metric.
func (s *sample) Desc() *prometheus.Desc { return s.desc }

// Write implements prometheus.Metric.
func (s *sample) Write(m *dto.Metric) error {
	m.Label = s.labels
	if s.Type == gauge {
		m.Gauge = &dto.Gauge{Value: &s.value}
	} else {
		m.Counter = &dto.Counter{Value: &s.value, CreatedTimestamp: s.since.GetCreatedTimestamp()}
	}
	return nil
}

// createdAt returns a counter that was created at t.
func createdAt(t time.Time) *dto.Counter {
	var m dto.Metric
	_ = prometheus.MustNewConstMetricWithCreatedTimestamp(up.desc, prometheus.CounterValue, 0, t).Write(&m)
	return m.Counter
}

// labelPairs returns labels. It reuses the ones that are equal in last.
func labelPairs(names, values []string, last []*dto.LabelPair) []*dto.LabelPair {
	pairs := make([]*dto.LabelPair, len(names))
	for i, name := range names {
		if i < len(last) && *last[i].Name == name && *last[i].Value == values[i] {
			pairs[i] = last[i]
		} else {
			value := values[i]
			pairs[i] = &dto.LabelPair{Name: &names[i], Value: &value}
		}
	}
	return pairs
}
