package e2e

import (
	"maps"
	"strings"
	"testing"
	"time"
)

// TestDemoAlerts waits for the notifications that the demo causes: about a capture without
// packets, about a failed capture, and about its resolution.
func TestDemoAlerts(t *testing.T) {
	t.Parallel()
	started, receivers := time.Now(), newInbox(t)
	alerting(t, demo(t).addr, startAlertmanager(t, receivers, speed))
	logDelay(t, "the start", started, receivers.await(t, started, func(n notification) bool {
		return n.receiver == "digest" && strings.Contains(n.text(), prodName) && strings.Contains(n.text(), "no_packets_matched")
	}))
	firing := receivers.await(t, started, pageAbout("CloudflarePcapCaptureFailed", "firing"))
	logDelay(t, "the start", started, firing)
	for _, a := range firing.Alerts {
		if a.Labels["account"] != prodID || a.Labels["reason"] == "" || a.Annotations["account_name"] != prodName {
			t.Errorf("account or reason is missing: %s", firing.body)
		}
	}
	resolved := pageAbout("CloudflarePcapCaptureFailed", "resolved")
	logDelay(t, "the start", started, receivers.await(t, firing.at, func(n notification) bool {
		return resolved(n) && maps.Equal(n.GroupLabels, firing.GroupLabels)
	}))
}
