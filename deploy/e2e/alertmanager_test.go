package e2e

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// alertmanager is a running Alertmanager.
type alertmanager struct {
	*process
	t *testing.T
}

// startAlertmanager starts an Alertmanager with the configuration of deploy/alertmanager. It
// replaces the addresses of the receivers and shortens the durations.
func startAlertmanager(t *testing.T, b *inbox) alertmanager {
	t.Helper()
	templates, err := filepath.Abs("../alertmanager/templates")
	if err != nil {
		t.Fatal(err)
	}
	changes := strings.NewReplacer("/etc/alertmanager/secrets", b.secrets, "templates/", templates+"/")
	return startAlertmanagerWith(t, changes.Replace(speedUp(read(t, "../alertmanager/alertmanager.yml"))))
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
	body, err := json.Marshal(alerts)
	if err != nil {
		am.t.Fatal(err)
	}
	resp, err := http.Post("http://"+am.addr+"/api/v2/alerts", "application/json", bytes.NewReader(body))
	if err != nil {
		am.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		am.t.Fatal(resp.Status)
	}
}
