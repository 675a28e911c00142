package e2e

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// documented lists the metrics that users rely on. It is written by hand, so that the test
// fails if the code renames one.
var documented = []string{
	"captures", "packets_captured", "capture_errors", "stop_requested_captures",
	"newest_submitted_timestamp_seconds", "earliest_due_timestamp_seconds", "unrecognized_captures",
	"list_limit_reached",

	"up", "scrape_duration_seconds", "last_success_timestamp_seconds",
	"account_info", "scrape_errors_total",

	"captures_submitted_total", "captures_finished_total", "captures_failed_total", "capture_duration_seconds",
}

func TestMetrics(t *testing.T) {
	exporter := demo(t, "--collector.capture-series=all")
	p := scrape(t, "prometheus.yml", []*process{exporter}, "scrape_native_histograms: true")
	for _, c := range []struct {
		name  string
		check func() error
	}{
		{"scraped", func() error { return p.healthy(1) }},
		{"up", p.want("", `sum(up)`, map[string]float64{"": 1})},
		{"accounts up", p.want("account", `cloudflare_pcap_up`, map[string]float64{prodID: 1, labID: 1})},
		{"names", func() error {
			names, err := p.query("__name__", `group by (__name__) ({__name__=~"cloudflare_pcap_.+"})`)
			for _, name := range documented {
				if _, ok := names["cloudflare_pcap_"+name]; !ok {
					err = errors.Join(err, errors.New("no series of cloudflare_pcap_"+name))
				}
			}
			return err
		}},
		{"same as /probe", func() error { return p.wantProbed(exporter) }},
		{"a series for each capture", func() error {
			sums, err := p.query("account", `sum by (account) (cloudflare_pcap_captures) <= 50`)
			if err != nil {
				return err
			}
			return p.want("account", `count by (account) (cloudflare_pcap_capture_info)`, sums)()
		}},
		{"counter", p.wantType("cloudflare_pcap_scrape_errors_total", "counter")},
		{"native histogram", func() error {
			n, err := p.query("endpoint", `histogram_count(cloudflare_pcap_api_request_duration_seconds) > 0`)
			if err == nil && len(n) == 0 {
				err = errors.New("no native histogram")
			}
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) { eventually(t, c.check) })
	}
}

func TestProbe(t *testing.T) {
	p := scrape(t, "prometheus-probe.yml", []*process{demo(t)})
	up := map[string]float64{prodName: 1, labName: 1}
	eventually(t, func() error { return p.healthy(2) })
	eventually(t, p.want("instance", `up`, up))
	eventually(t, p.want("instance", `cloudflare_pcap_up`, up))
	eventually(t, p.want("instance", `cloudflare_pcap_up{account="`+labID+`"}`, map[string]float64{labName: 1}))
}

var sample = regexp.MustCompile(`(?m)^cloudflare_pcap_captures\{.*status="(\w+)".*\} (\d+)$`)

// wantProbed returns an error unless Prometheus has the captures that /probe exports now.
// They differ for a moment after a capture changes its status.
func (p prometheus) wantProbed(exporter *process) error {
	body, err := get(p.t, http.DefaultClient, "http://"+exporter.addr+"/probe?target="+prodName)
	if err != nil {
		return err
	}
	probed := make(map[string]float64)
	for _, found := range sample.FindAllStringSubmatch(body, -1) {
		n, err := strconv.ParseFloat(found[2], 64)
		if err != nil {
			return err
		}
		probed[found[1]] += n
	}
	if !slices.Contains(slices.Collect(maps.Values(probed)), 0) || len(probed) != 8 {
		return fmt.Errorf("/probe does not export the eight statuses with a 0 among the counts: %v", probed)
	}
	return p.want("status", `sum by (status) (cloudflare_pcap_captures{account="`+prodID+`"})`, probed)()
}
