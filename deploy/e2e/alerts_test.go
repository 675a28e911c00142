package e2e

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	secret = "e2e-secret-key" //nolint:gosec // it opens nothing
	// refused is a message of the API about a bucket. It repeats what must not get out.
	refused = "Failed to upload to bucket r2://pcaps-eu?secret-access-key=" + secret + ": verify your ownership information"
	// quiet is how long nothing more should come.
	quiet = 3 * time.Second
)

// story is of an API, an exporter, Prometheus and Alertmanager, and who is told.
type story struct {
	api          *simulation
	exporter     *process
	alertmanager alertmanager
	receivers    *inbox
}

// TestAlerts has something go wrong in each of them, and end. How long it took
// to be told is logged.
func TestAlerts(t *testing.T) {
	t.Parallel()
	s := story{api: simulate(t), receivers: newInbox(t)}
	config := filepath.Join(t.TempDir(), "config.yml")
	write(t, config, fmt.Sprintf("accounts: [{id: %s, name: %s}]\n"+
		"credentials: {default: {authorization: {credentials: %s}}}\n", prodID, prodName, secret))
	s.exporter = start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0",
		"--cloudflare.api-url="+s.api.URL, "--config.file="+config)
	s.alertmanager = notify(t, s.receivers)
	p := alerting(t, s.exporter, s.alertmanager)
	eventually(t, p.want("account", `cloudflare_pcap_up`, map[string]float64{prodID: 1}))
	t.Run("a capture fails", s.captureFails)
	t.Run("the API breaks down", s.apiBreaksDown)
	t.Run("the exporter dies", s.exporterDies)
	for _, n := range s.receivers.since(time.Time{}) {
		if strings.Contains(n.body, secret) {
			t.Errorf("%s was told a secret: %s", n.receiver, n.body)
		}
	}
}

func (s story) captureFails(t *testing.T) {
	submitted := time.Now()
	s.api.capture(prodID, "ord02", "running", "", submitted)
	time.Sleep(quiet) // so that it is seen to run
	failed := time.Now()
	s.api.capture(prodID, "ord02", "failed", refused, submitted)
	firing := s.receivers.await(t, failed, page("CloudflarePcapCaptureFailed", "firing"))
	took(t, "the failure", failed, firing)
	if want := map[string]string{"account": prodID, "colo": "ord02"}; !maps.Equal(firing.GroupLabels, want) {
		t.Errorf("grouped by %v, want %v", firing.GroupLabels, want)
	}
	if reason := firing.Alerts[0].Labels["reason"]; reason != "bucket" {
		t.Errorf("the reason is %q, want bucket", reason)
	}
	took(t, "the failure", failed, s.receivers.await(t, firing.at, page("CloudflarePcapCaptureFailed", "resolved")))
}

func (s story) apiBreaksDown(t *testing.T) {
	s.breakDown(t)
	healed := time.Now()
	s.api.breakDown(false)
	took(t, "the recovery", healed, s.receivers.await(t, healed, chat("[RESOLVED] ", prodName, prodID, "Until: ")))
}

// breakDown has the API fail, and waits until the chat knows.
func (s story) breakDown(t *testing.T) {
	t.Helper()
	broken := time.Now()
	s.api.breakDown(true)
	took(t, "the breakdown", broken, s.receivers.await(t, broken, chat("[WARNING] ", prodName, prodID, "Runbook: https://")))
}

// exporterDies while an alert fires. It comes to an end for want of news, and
// nobody must be told that all is well.
func (s story) exporterDies(t *testing.T) {
	s.breakDown(t)
	died := time.Now()
	if err := s.exporter.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.exporter.wait() // it was killed
	isDown := page("CloudflarePcapExporterDown", "firing")
	took(t, "its end", died, s.receivers.await(t, died, isDown))
	eventually(t, s.shows("CloudflarePcapExporterDown active", "CloudflarePcapAPIUnreachable suppressed"))
	eventually(t, s.shows("CloudflarePcapExporterDown active"))
	time.Sleep(quiet)
	for _, n := range s.receivers.since(died) {
		if !isDown(n) {
			t.Errorf("%s was told more: %s", n.receiver, n.body)
		}
	}
}

// shows returns a check of the alerts and states that Alertmanager shows.
func (s story) shows(want ...string) func() error {
	return func() error {
		alerts, err := s.alertmanager.alerts()
		if err != nil {
			return err
		}
		var got []string
		for _, a := range alerts {
			got = append(got, a.Labels["alertname"]+" "+a.Status.State)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			return fmt.Errorf("Alertmanager shows %q, want %q", got, want)
		}
		return nil
	}
}

// page accepts Alertmanager's JSON about an alert.
func page(alert, status string) func(notification) bool {
	return func(n notification) bool {
		return n.receiver == "page" && n.Status == status && n.Alerts[0].Labels["alertname"] == alert
	}
}

// chat accepts a text with all of these words.
func chat(words ...string) func(notification) bool {
	return func(n notification) bool {
		found := n.receiver == "chat"
		for _, word := range words {
			found = found && strings.Contains(n.text(), word)
		}
		return found
	}
}

func took(t *testing.T, cause string, at time.Time, n notification) {
	t.Helper()
	t.Logf("%s after %s, the %s showed:\n%s", n.at.Sub(at).Round(100*time.Millisecond), cause, n.receiver, n.text())
}
