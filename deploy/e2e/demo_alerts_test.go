package e2e

import (
	"maps"
	"testing"
	"time"
)

// TestDemoAlerts waits for what a user of the demo is told: that captures have
// failed, and that no more did.
func TestDemoAlerts(t *testing.T) {
	t.Parallel()
	started, receivers := time.Now(), newInbox(t)
	alerting(t, demo(t), notify(t, receivers))
	firing := receivers.await(t, started, page("CloudflarePcapCaptureFailed", "firing"))
	took(t, "the start", started, firing)
	for _, a := range firing.Alerts {
		if a.Labels["account"] != prodID || a.Labels["colo"] == "" || a.Labels["reason"] == "" || a.Annotations["account_name"] != prodName {
			t.Errorf("account, colo or reason is not told: %s", firing.body)
		}
	}
	resolved := page("CloudflarePcapCaptureFailed", "resolved")
	took(t, "the start", started, receivers.await(t, firing.at, func(n notification) bool {
		return resolved(n) && maps.Equal(n.GroupLabels, firing.GroupLabels)
	}))
}
