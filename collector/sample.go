package collector

import (
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// sample is a const metric that takes its labels as they are: most series of an
// account share theirs with others, and making them is what a const metric of
// client_golang spends most of its time on. The registry checks both alike.
type sample struct {
	metric int
	value  float64
	labels []*dto.LabelPair
}

func (s *sample) Desc() *prometheus.Desc { return descs[s.metric] }

func (s *sample) Write(m *dto.Metric) error {
	m.Label = s.labels
	if catalogue[s.metric].Type == counter {
		m.Counter = &dto.Counter{Value: &s.value}
	} else {
		m.Gauge = &dto.Gauge{Value: &s.value}
	}
	return nil
}

// labelled is a histogram that outlives the scrape, with the labels of one that
// is made for it.
type labelled struct {
	prometheus.Histogram
	desc   *prometheus.Desc
	labels []*dto.LabelPair
}

func (l *labelled) Desc() *prometheus.Desc { return l.desc }

func (l *labelled) Write(m *dto.Metric) error {
	err := l.Histogram.Write(m)
	m.Label = l.labels
	return err
}

// labelPairs pairs the account and values with the metric's labels, sorted by
// name as the registry wants them.
func labelPairs(metric int, account string, values []string) []*dto.LabelPair {
	names := catalogue[metric].Labels
	pairs := make([]dto.LabelPair, len(names))
	sorted := make([]*dto.LabelPair, len(names))
	for i := range names {
		pairs[i].Name, pairs[i].Value = &names[i], &account
		if i > 0 {
			pairs[i].Value = &values[i-1]
		}
		sorted[i] = &pairs[i]
	}
	slices.SortFunc(sorted, func(a, b *dto.LabelPair) int { return strings.Compare(*a.Name, *b.Name) })
	return sorted
}

// relabelled returns the labels of a group with another one in their middle, where
// both status and reason are among the names sorted. It shares the rest.
func relabelled(group []*dto.LabelPair, name, value string) []*dto.LabelPair {
	labels := slices.Clone(group)
	labels[2] = &dto.LabelPair{Name: &name, Value: &value}
	return labels
}
