package main

import (
	"net/http"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// series are the parts from which each scrape creates metrics.
type series []struct {
	*dto.Metric

	desc   *prometheus.Desc
	labels []string
}

func (all series) collect(ch chan<- prometheus.Metric) {
	for _, s := range all {
		switch {
		case s.Counter != nil:
			ch <- prometheus.MustNewConstMetric(s.desc, prometheus.CounterValue, s.Counter.GetValue(), s.labels...)
		case s.Gauge != nil:
			ch <- prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, s.Gauge.GetValue(), s.labels...)
		default:
			h, buckets := s.Histogram, make(map[float64]uint64)
			for _, b := range h.GetBucket() {
				buckets[b.GetUpperBound()] = b.GetCumulativeCount()
			}
			ch <- prometheus.MustNewConstHistogram(s.desc, h.GetSampleCount(), h.GetSampleSum(), buckets, s.labels...)
		}
	}
}

// learn returns the series of each account, and those that the exporter exports of itself.
// Collectors and promhttp make the series of the Go runtime, the process and the handler.
func learn(url string) (c collector, own series, err error) {
	resp, err := http.Get(url) //nolint:gosec,noctx // the parent's exporter
	if err != nil {
		return c, nil, err
	}
	defer resp.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(resp.Body)
	c.accounts = make(map[string]series)
	for name, family := range families {
		if !strings.HasPrefix(name, "cloudflare_pcap_") {
			continue
		}
		var names []string
		for _, label := range family.Metric[0].Label {
			names = append(names, label.GetName())
		}
		desc := prometheus.NewDesc(name, family.GetHelp(), names, nil)
		all := make(map[string]series)
		for _, m := range family.Metric {
			account, values := "", []string{}
			for _, label := range m.Label {
				values = append(values, label.GetValue())
				if label.GetName() == "account" {
					account = label.GetValue()
				}
			}
			all[account] = append(all[account], series{{m, desc, values}}...)
		}
		own = append(own, all[""]...)
		delete(all, "")
		if len(all) > 0 {
			c.descs = append(c.descs, desc)
		}
		for account, s := range all {
			c.accounts[account] = append(c.accounts[account], s...)
		}
	}
	return c, own, err
}
