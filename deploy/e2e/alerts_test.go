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
	secret = "e2e-secret-key" //nolint:gosec // not a real key
	// refused is an error message of the API with a secret that must not be exported.
	refused = "Failed to upload to bucket r2://pcaps-eu?secret-access-key=" + secret + ": verify your ownership information"
	// quiet is a time in which no further notification should arrive.
	quiet = 3 * time.Second
)

// story has an API, an exporter, an Alertmanager and its receivers.
type story struct {
	api          *simulation
	exporter     *process
	alertmanager alertmanager
	receivers    *inbox
}

// TestAlerts breaks and repairs each of them. It logs how long the notifications took.
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
			t.Errorf("%s got a secret: %s", n.receiver, n.body)
		}
	}
}

func (s story) captureFails(t *testing.T) {
	submitted := time.Now()
	s.api.capture(prodID, "ord02", "running", "", submitted)
	time.Sleep(quiet) // for a scrape that sees it running
	failed := time.Now()
	s.api.capture(prodID, "ord02", "failed", refused, submitted)
	firing := s.receivers.await(t, failed, page("CloudflarePcapCaptureFailed", "firing"))
	took(t, "the failure", failed, firing)
	want := map[string]string{"alertname": "CloudflarePcapCaptureFailed", "account": prodID, "reason": "bucket"}
	if !maps.Equal(firing.GroupLabels, want) {
		t.Errorf("grouped by %v, want %v", firing.GroupLabels, want)
	}
	if colo := firing.Alerts[0].Labels["colo"]; colo != "ord02" {
		t.Errorf("the colo is %q, want ord02", colo)
	}
	took(t, "the failure", failed, s.receivers.await(t, firing.at, page("CloudflarePcapCaptureFailed", "resolved")))
}

func (s story) apiBreaksDown(t *testing.T) {
	s.breakDown(t)
	repaired := time.Now()
	s.api.breakDown(false)
	took(t, "the recovery", repaired, s.receivers.await(t, repaired, chat("[RESOLVED] ", prodName, prodID, "Until: ")))
}

// breakDown makes the API fail, and waits for the notification in the chat.
func (s story) breakDown(t *testing.T) {
	t.Helper()
	broken := time.Now()
	s.api.breakDown(true)
	took(t, "the breakdown", broken, s.receivers.await(t, broken, chat("[WARNING] ", prodName, prodID, "Runbook: https://")))
}

// exporterDies while an alert fires. The alert resolves for lack of data. That must not
// be notified.
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
			t.Errorf("%s got another notification: %s", n.receiver, n.body)
		}
	}
}

// shows returns a check for the alerts in Alertmanager and their states.
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
			return fmt.Errorf("Alertmanager has %q, want %q", got, want)
		}
		return nil
	}
}

// page returns a filter for pages about an alert.
func page(alert, status string) func(notification) bool {
	return func(n notification) bool {
		return n.receiver == "page" && n.Status == status && n.Alerts[0].Labels["alertname"] == alert
	}
}

// chat returns a filter for chat messages that contain all of these words.
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
