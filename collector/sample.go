package collector

import (
	"cmp"
	"slices"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// sample is a constant metric that shares its labels with others. Labels of its own would be
// most of the memory of a response.
type sample struct {
	prometheus.Metric // without labels

	labels []*dto.LabelPair
}

// Write implements prometheus.Metric.
func (s sample) Write(m *dto.Metric) error {
	err := s.Metric.Write(m)
	m.Label = s.labels
	return err
}

// labelPairs returns labels sorted by name, as the registry requires.
func labelPairs(names, values []string) []*dto.LabelPair {
	pairs := make([]dto.LabelPair, len(names))
	sorted := make([]*dto.LabelPair, len(names))
	for i := range names {
		pairs[i].Name, pairs[i].Value = &names[i], &values[i]
		sorted[i] = &pairs[i]
	}
	slices.SortFunc(sorted, func(a, b *dto.LabelPair) int { return cmp.Compare(*a.Name, *b.Name) })
	return sorted
}
