package collector

import (
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// sample is a constant metric whose labels can be shared with other samples. Making
// labels takes most of the time of prometheus.NewConstMetric. The registry checks
// both alike.
type sample struct {
	metric  int // index in the catalogue
	value   float64
	labels  []*dto.LabelPair
	created *timestamppb.Timestamp // of a counter: Prometheus can then see an increase from 0
}

// Desc implements prometheus.Metric.
func (s *sample) Desc() *prometheus.Desc { return descs[s.metric] }

// Write implements prometheus.Metric.
func (s *sample) Write(m *dto.Metric) error {
	m.Label = s.labels
	if catalogue[s.metric].Type == counter {
		m.Counter = &dto.Counter{Value: &s.value, CreatedTimestamp: s.created}
	} else {
		m.Gauge = &dto.Gauge{Value: &s.value}
	}
	return nil
}

// labelledHistogram adds labels to a histogram that has none.
type labelledHistogram struct {
	prometheus.Histogram
	desc   *prometheus.Desc
	labels []*dto.LabelPair
}

// Desc implements prometheus.Metric.
func (h *labelledHistogram) Desc() *prometheus.Desc { return h.desc }

// Write implements prometheus.Metric.
func (h *labelledHistogram) Write(m *dto.Metric) error {
	err := h.Histogram.Write(m)
	m.Label = h.labels
	return err
}

// labelPairs returns the labels of a metric with the given values, sorted by name as
// the registry requires.
func labelPairs(metric int, first string, others []string) []*dto.LabelPair {
	names := catalogue[metric].Labels
	pairs := make([]dto.LabelPair, len(names))
	sorted := make([]*dto.LabelPair, len(names))
	for i := range names {
		pairs[i].Name, pairs[i].Value = &names[i], &first
		if i > 0 {
			pairs[i].Value = &others[i-1]
		}
		sorted[i] = &pairs[i]
	}
	slices.SortFunc(sorted, func(a, b *dto.LabelPair) int { return strings.Compare(*a.Name, *b.Name) })
	return sorted
}

// withLabel returns the labels of a group and one more, in third place: both status
// and reason sort between colo and system.
func withLabel(group []*dto.LabelPair, name, value string) []*dto.LabelPair {
	labels := slices.Clone(group)
	labels[2] = &dto.LabelPair{Name: &name, Value: &value}
	return labels
}
