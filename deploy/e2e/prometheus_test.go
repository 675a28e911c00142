package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// prometheus is a running Prometheus server.
type prometheus struct {
	*process
	t *testing.T
}

// scrape starts a Prometheus with an example configuration. It replaces the addresses
// and the interval, and adds settings to the scrape configuration.
func scrape(t *testing.T, example string, exporters []*process, settings ...string) prometheus {
	t.Helper()
	interval := append([]string{"scrape_interval: 1s"}, settings...)
	changes := []string{"scrape_interval: 1m", strings.Join(interval, "\n    ")}
	for i, exporter := range exporters {
		changes = append(changes, fmt.Sprintf("127.0.0.1:%d", 17227+i), exporter.addr)
	}
	changes = append(changes, "127.0.0.1:9093", "127.0.0.1:0") // sends no alerts
	config := strings.NewReplacer(changes...).Replace(read(t, "../prometheus/"+example))
	return startPrometheus(t, config+"global: { evaluation_interval: 1s }\n", strings.Clone)
}

// alerting starts a Prometheus that scrapes an exporter and sends alerts to am.
func alerting(t *testing.T, exporter string, am alertmanager) prometheus {
	t.Helper()
	return alertingOn(t, am, speed, "targets: ["+exporter+"]")
}

// alertingOn starts a Prometheus that sends alerts to am. It uses the example configuration with
// other targets, and divides the durations.
func alertingOn(t *testing.T, am alertmanager, divisor time.Duration, targets ...string) prometheus {
	t.Helper()
	changes := strings.NewReplacer(`targets: ["127.0.0.1:17227"] # the exporter`, strings.Join(targets, "\n      - "), "127.0.0.1:9093", am.addr)
	config := speedUp(read(t, "../prometheus/prometheus.yml")+"global: { evaluation_interval: 1m }\n", divisor)
	return startPrometheus(t, changes.Replace(config), func(rules string) string { return speedUp(rules, divisor) })
}

// startPrometheus starts a Prometheus with the given configuration. Next to it are the alert
// rules, changed by the function.
func startPrometheus(t *testing.T, config string, change func(rules string) string) prometheus {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "prometheus.yml")
	write(t, file, config)
	write(t, filepath.Join(dir, "alerts.yml"), change(read(t, "../prometheus/alerts.yml")))
	return prometheus{start(t, nil, prometheusBinary, "--config.file="+file,
		"--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0"), t}
}

// get decodes a response of the HTTP API into data.
func (p prometheus) get(path string, query url.Values, data any) error {
	body, err := get(p.t, http.DefaultClient, "http://"+p.addr+"/api/v1/"+path+"?"+query.Encode())
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), &struct{ Data any }{data})
}

// query evaluates an expression. It returns the value of each series by the value of one label.
func (p prometheus) query(label, expr string) (map[string]float64, error) {
	var data struct {
		Result []struct {
			Metric map[string]string
			Value  [2]any // time and value
		}
	}
	if err := p.get("query", url.Values{"query": {expr}}, &data); err != nil {
		return nil, err
	}
	values := make(map[string]float64)
	for _, r := range data.Result {
		text, _ := r.Value[1].(string)
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", expr, err)
		}
		values[r.Metric[label]] = value
	}
	return values, nil
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

// wantType returns a check that the metric has this type.
func (p prometheus) wantType(metric, want string) func() error {
	return func() error {
		got, err := p.metricType(metric)
		if err == nil && got != want {
			err = fmt.Errorf("%s is a %s, want a %s", metric, got, want)
		}
		return err
	}
}

// healthy returns an error unless there are n targets and the last scrape of each succeeded.
func (p prometheus) healthy(n int) error {
	var data struct {
		ActiveTargets []struct{ Health, LastError, ScrapeURL string }
	}
	if err := p.get("targets", url.Values{"state": {"active"}}, &data); err != nil {
		return err
	}
	if len(data.ActiveTargets) != n {
		return fmt.Errorf("%d targets, want %d", len(data.ActiveTargets), n)
	}
	for _, target := range data.ActiveTargets {
		if target.Health != "up" || target.LastError != "" {
			return fmt.Errorf("%s is %s: %s", target.ScrapeURL, target.Health, target.LastError)
		}
	}
	return nil
}

// wantAlerting returns an error unless the alerts are loaded and an Alertmanager is found.
func (p prometheus) wantAlerting() error {
	var rules struct{ Groups []struct{ Rules []any } }
	var managers struct{ ActiveAlertmanagers []any }
	if err := errors.Join(p.get("rules", nil, &rules), p.get("alertmanagers", nil, &managers)); err != nil {
		return err
	}
	if len(rules.Groups) == 0 || len(managers.ActiveAlertmanagers) != 1 {
		return fmt.Errorf("%d groups of rules, %d Alertmanagers", len(rules.Groups), len(managers.ActiveAlertmanagers))
	}
	return nil
}

// metricType returns the type of a metric that the exporter has declared.
func (p prometheus) metricType(name string) (string, error) {
	var data map[string][]struct{ Type string }
	if err := p.get("metadata", url.Values{"metric": {name}}, &data); err != nil {
		return "", err
	}
	if len(data[name]) != 1 {
		return "", errors.New("no metadata for " + name)
	}
	return data[name][0].Type, nil
}
