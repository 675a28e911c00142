package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// prometheus is a running server.
type prometheus struct {
	*process
	t *testing.T
}

// scrape starts a Prometheus with one of the configurations that users are
// shown. It is changed in the addresses and the interval, and gets settings more.
func scrape(t *testing.T, example string, exporters []*process, settings ...string) prometheus {
	t.Helper()
	interval := append([]string{"scrape_interval: 1s"}, settings...)
	changes := []string{"scrape_interval: 1m", strings.Join(interval, "\n    ")}
	for i, exporter := range exporters {
		changes = append(changes, fmt.Sprintf("127.0.0.1:%d", 17227+i), exporter.addr)
	}
	changes = append(changes, "127.0.0.1:9093", "127.0.0.1:0") // no Alertmanager is told
	config := strings.NewReplacer(changes...).Replace(read(t, "../prometheus/"+example))
	return evaluate(t, config, func(rules string) string { return rules })
}

// alerting starts a Prometheus that tells an Alertmanager. Only the addresses are
// changed, and all of it is made faster.
func alerting(t *testing.T, exporter *process, am alertmanager) prometheus {
	t.Helper()
	changes := strings.NewReplacer("127.0.0.1:17227", exporter.addr, "127.0.0.1:9093", am.addr)
	config := changes.Replace(faster(read(t, "../prometheus/prometheus.yml")))
	return evaluate(t, config+"global: { evaluation_interval: 1s }\n", faster)
}

// evaluate starts a Prometheus that has the rules that users are given beside its
// configuration, changed.
func evaluate(t *testing.T, config string, change func(rules string) string) prometheus {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "prometheus.yml")
	write(t, file, config)
	write(t, filepath.Join(dir, "alerts.yml"), change(read(t, "../prometheus/alerts.yml")))
	return prometheus{start(t, nil, prometheusBinary, "--config.file="+file,
		"--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0"), t}
}

// get reads what the HTTP API has at a path.
func (p prometheus) get(path string, query url.Values, data any) error {
	body, err := get(p.t, http.DefaultClient, "http://"+p.addr+"/api/v1/"+path+"?"+query.Encode())
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(body), &struct{ Data any }{data})
}

// query evaluates an expression to a value for each value of a label.
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

// healthy returns an error unless the last scrape of each of n targets worked.
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

// metricType is what Prometheus has been told of a metric.
func (p prometheus) metricType(name string) (string, error) {
	var data map[string][]struct{ Type string }
	if err := p.get("metadata", url.Values{"metric": {name}}, &data); err != nil {
		return "", err
	}
	if len(data[name]) != 1 {
		return "", errors.New("no metadata of " + name)
	}
	return data[name][0].Type, nil
}
