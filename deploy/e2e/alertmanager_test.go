package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// alertmanager is a running Alertmanager.
type alertmanager struct {
	*process
	t *testing.T
}

// startAlertmanager starts an Alertmanager with the configuration of deploy/alertmanager. It
// replaces the addresses of the receivers, divides the durations, and extends the morning to the
// whole day.
func startAlertmanager(t *testing.T, b *inbox, divisor time.Duration) alertmanager {
	t.Helper()
	templates, err := filepath.Abs("../alertmanager/templates")
	if err != nil {
		t.Fatal(err)
	}
	changes := strings.NewReplacer("/etc/alertmanager/secrets", b.secrets, "templates/", templates+"/", "06:00", "00:00", "09:00", "24:00")
	return startAlertmanagerWith(t, changes.Replace(speedUp(read(t, "../alertmanager/alertmanager.yml"), divisor)))
}

// startAlertmanagerWith starts an Alertmanager with the given configuration.
func startAlertmanagerWith(t *testing.T, config string) alertmanager {
	t.Helper()
	file := filepath.Join(t.TempDir(), "alertmanager.yml")
	write(t, file, config)
	return alertmanager{start(t, nil, alertmanagerBinary, "--config.file="+file,
		"--storage.path="+t.TempDir(), "--web.listen-address=127.0.0.1:0", "--cluster.listen-address="), t}
}

// alert is a firing alert. Its state is "active", or "suppressed" if another alert
// inhibits it.
type alert struct {
	Labels map[string]string
	Status struct{ State string }
}

// alerts returns the firing alerts.
func (am alertmanager) alerts() (alerts []alert, err error) {
	body, err := get(am.t, http.DefaultClient, "http://"+am.addr+"/api/v2/alerts")
	if err == nil {
		err = json.Unmarshal([]byte(body), &alerts)
	}
	return alerts, err
}

// send sends firing alerts with these labels.
func (am alertmanager) send(labels ...map[string]string) {
	am.t.Helper()
	alerts := make([]map[string]any, len(labels))
	for i := range labels {
		alerts[i] = map[string]any{"labels": labels[i]}
	}
	am.request(http.MethodPost, "alerts", alerts)
}

// silence silences all alerts of the exporter, and returns a function that ends that.
func (am alertmanager) silence() (end func()) {
	am.t.Helper()
	body := am.request(http.MethodPost, "silences", map[string]any{
		"matchers":  []any{map[string]any{"name": "alertname", "value": "CloudflarePcap.+", "isRegex": true}},
		"createdBy": "e2e", "comment": "maintenance", "startsAt": time.Now(), "endsAt": time.Now().Add(time.Hour),
	})
	var created struct{ SilenceID string }
	if err := json.Unmarshal(body, &created); err != nil {
		am.t.Fatal(err)
	}
	return func() { am.request(http.MethodDelete, "silence/"+created.SilenceID, nil) }
}

// request sends a request to the HTTP API and returns the body of the response.
func (am alertmanager) request(method, path string, body any) []byte {
	am.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		am.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(am.t.Context(), method, "http://"+am.addr+"/api/v2/"+path, bytes.NewReader(text))
	if err != nil {
		am.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		am.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		am.t.Fatal(err, resp.Status, string(answer))
	}
	return answer
}
