package e2e

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"testing"
)

// The accounts of the demo.
const (
	prodID   = "0c5e1f3a9b7d4e2688a1d4f6b3c97e50"
	prodName = "edge-prod"
	labID    = "7d2b90e46f1c4a35b8e3a6059c1fd842"
	labName  = "edge-lab"
)

// documented is what users rely on, so this is not taken from the code.
var documented = []string{
	"captures", "packets_captured", "capture_errors", "stop_requested_captures",
	"newest_submitted_timestamp_seconds", "earliest_due_timestamp_seconds", "unrecognized_captures",
	"list_limit_reached",

	"up", "scrape_duration_seconds", "last_success_timestamp_seconds", "snapshot_timestamp_seconds",
	"account_info", "scrape_errors_total",

	"captures_submitted_total", "captures_finished_total", "captures_failed_total", "capture_duration_seconds",
}

func demo(t *testing.T, args ...string) *process {
	t.Helper()
	return start(t, nil, exporterBinary, append([]string{"--demo", "--web.listen-address=127.0.0.1:0"}, args...)...)
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
					err = errors.Join(err, errors.New("no series of "+name))
				}
			}
			return err
		}},
		{"as probed", func() error { return p.asProbed(exporter) }},
		{"captures are those listed", func() error {
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
	each := map[string]float64{prodName: 1, labName: 1}
	eventually(t, func() error { return p.healthy(2) })
	eventually(t, p.want("instance", `up`, each))
	eventually(t, p.want("instance", `cloudflare_pcap_up`, each))
	eventually(t, p.want("instance", `cloudflare_pcap_up{account="`+labID+`"}`, map[string]float64{labName: 1}))
}

// want returns a check that the expression has these values.
func (p prometheus) want(label, expr string, want map[string]float64) func() error {
	return func() error {
		got, err := p.query(label, expr)
		if err == nil && (len(want) == 0 || !maps.Equal(got, want)) {
			err = fmt.Errorf("%s is %v, want %v", expr, got, want)
		}
		return err
	}
}

func (p prometheus) wantType(metric, want string) func() error {
	return func() error {
		got, err := p.metricType(metric)
		if err == nil && got != want {
			err = fmt.Errorf("%s is a %s, want a %s", metric, got, want)
		}
		return err
	}
}

var sample = regexp.MustCompile(`(?m)^cloudflare_pcap_captures\{.*status="(\w+)".*\} (\d+)$`)

// asProbed compares the captures in Prometheus with those that the exporter
// shows now. They differ for a moment when one changes its status.
func (p prometheus) asProbed(exporter *process) error {
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
		return fmt.Errorf("the probe does not show the eight statuses: %v", probed)
	}
	return p.want("status", `sum by (status) (cloudflare_pcap_captures{account="`+prodID+`"})`, probed)()
}

func get(t *testing.T, client *http.Client, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return string(body), err
}
