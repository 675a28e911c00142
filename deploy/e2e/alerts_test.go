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
	// bucketError is an error message of the API with a secret that must not be exported.
	bucketError = "Failed to upload to bucket r2://pcaps-eu?secret-access-key=" + secret + ": verify your ownership information"
	// quiet is the time to wait for notifications that should not arrive.
	quiet = 3 * time.Second
)

// stack is an exporter with its API, and an Alertmanager with its receivers.
type stack struct {
	api          *simulation
	exporter     *process
	alertmanager alertmanager
	receivers    *inbox
}

// TestAlerts waits for the notifications after a capture, the API and the exporter fail. It logs
// the delay of each notification.
func TestAlerts(t *testing.T) {
	t.Parallel()
	s := stack{api: simulate(t), receivers: newInbox(t)}
	config := filepath.Join(t.TempDir(), "config.yml")
	write(t, config, fmt.Sprintf("accounts: [{id: %s, name: %s}]\n"+
		"credentials: {default: {authorization: {credentials: %s}}}\n", prodID, prodName, secret))
	s.exporter = start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0",
		"--cloudflare.api-url="+s.api.URL, "--config.file="+config)
	s.alertmanager = startAlertmanager(t, s.receivers, speed)
	p := alerting(t, s.exporter.addr, s.alertmanager)
	eventually(t, p.want("account", `cloudflare_pcap_up`, map[string]float64{prodID: 1}))
	t.Run("a capture fails", s.captureFails)
	t.Run("the API breaks down", s.apiBreaksDown)
	t.Run("the exporter dies", s.exporterDies)
	for _, n := range s.receivers.since(time.Time{}) {
		if strings.Contains(n.body, secret) {
			t.Errorf("%s received a secret: %s", n.receiver, n.body)
		}
	}
}

func (s stack) captureFails(t *testing.T) {
	submitted := time.Now()
	s.api.capture(prodID, "ord02", "running", "", submitted)
	time.Sleep(quiet) // until a scrape has seen it running
	failed := time.Now()
	s.api.capture(prodID, "ord02", "failed", bucketError, submitted)
	firing := s.receivers.await(t, failed, pageAbout("CloudflarePcapCaptureFailed", "firing"))
	logDelay(t, "the failure", failed, firing)
	want := map[string]string{"alertname": "CloudflarePcapCaptureFailed", "reason": "bucket"}
	if !maps.Equal(firing.GroupLabels, want) {
		t.Errorf("grouped by %v, want %v", firing.GroupLabels, want)
	}
	if summary := firing.Alerts[0].Annotations["summary"]; !strings.Contains(summary, "in ord02: bucket") {
		t.Errorf("the summary is %q, want the colo in it", summary)
	}
	logDelay(t, "the failure", failed, s.receivers.await(t, firing.at, pageAbout("CloudflarePcapCaptureFailed", "resolved")))
}

func (s stack) apiBreaksDown(t *testing.T) {
	s.breakDown(t)
	repaired := time.Now()
	s.api.setBroken(false)
	logDelay(t, "the recovery", repaired, s.receivers.await(t, repaired, chatWith("[RESOLVED] ", prodName, prodID, "Until: ")))
}

// breakDown makes the API fail, and waits for the chat notification.
func (s stack) breakDown(t *testing.T) {
	t.Helper()
	broken := time.Now()
	s.api.setBroken(true)
	logDelay(t, "the breakdown", broken, s.receivers.await(t, broken, chatWith("[WARNING] ", prodName, prodID, "Runbook: https://")))
}

// exporterDies kills the exporter while an alert fires. The alert resolves because its data are
// missing. Alertmanager must not send this resolution.
func (s stack) exporterDies(t *testing.T) {
	s.breakDown(t)
	died := time.Now()
	if err := s.exporter.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.exporter.wait() // it was killed
	isDown := pageAbout("CloudflarePcapExporterDown", "firing")
	logDelay(t, "the exporter's end", died, s.receivers.await(t, died, isDown))
	eventually(t, wantAlerts(s.alertmanager, "CloudflarePcapExporterDown active", "CloudflarePcapDailyFailures suppressed", "CloudflarePcapListingFailed suppressed"))
	eventually(t, wantAlerts(s.alertmanager, "CloudflarePcapExporterDown active", "CloudflarePcapDailyFailures suppressed"))
	time.Sleep(quiet)
	for _, n := range s.receivers.since(died) {
		if !isDown(n) {
			t.Errorf("%s received another notification: %s", n.receiver, n.body)
		}
	}
}

// wantAlerts returns a check that Alertmanager has exactly these alerts, in these states.
func wantAlerts(am alertmanager, want ...string) func() error {
	return func() error {
		alerts, err := am.alerts()
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

// pageAbout returns a filter for pages about an alert.
func pageAbout(alert, status string) func(notification) bool {
	return func(n notification) bool {
		return n.receiver == "page" && n.Status == status && n.Alerts[0].Labels["alertname"] == alert
	}
}

// chatWith returns a filter for chat messages that contain all of these words.
func chatWith(words ...string) func(notification) bool {
	return func(n notification) bool {
		found := n.receiver == "chat"
		for _, word := range words {
			found = found && strings.Contains(n.text(), word)
		}
		return found
	}
}

// logDelay logs the time from an event to its notification.
func logDelay(t *testing.T, event string, at time.Time, n notification) {
	t.Helper()
	t.Logf("%s after %s, the %s showed:\n%s", n.at.Sub(at).Round(100*time.Millisecond), event, n.receiver, n.text())
}
