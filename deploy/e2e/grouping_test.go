package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// TestGrouping sends alerts about one failure in five colos, one failure in another account, a
// token of three accounts, and the rate limit of three accounts. Each of these four is one
// notification.
func TestGrouping(t *testing.T) {
	t.Parallel()
	receivers := newInbox(t)
	am, sent := startAlertmanager(t, receivers), time.Now()
	var alerts []map[string]string
	fire := func(name, severity, account, colo, reason string) {
		alerts = append(alerts, map[string]string{"alertname": name, "severity": severity, "account": account, "colo": colo, "reason": reason})
	}
	for _, colo := range []string{"ams01", "fra01", "lhr03", "nrt01", "ord02"} {
		fire("CloudflarePcapCaptureFailed", "critical", "a", colo, "bucket")
	}
	fire("CloudflarePcapCaptureFailed", "critical", "b", "ord02", "bucket")
	for _, account := range []string{"a", "b", "c"} {
		fire("CloudflarePcapUnauthorized", "critical", account, "", "unauthorized")
		fire("CloudflarePcapRateLimited", "warning", account, "", "rate_limited")
	}
	am.send(alerts...)
	want := map[string]int{"CloudflarePcapCaptureFailed a": 5, "CloudflarePcapCaptureFailed b": 1, "CloudflarePcapUnauthorized ": 3, "chat": 3}
	eventually(t, func() error {
		got := make(map[string]int)
		for _, n := range receivers.since(sent) {
			if n.receiver == "chat" {
				got[n.receiver] += strings.Count(n.text(), "FIRING: ")
			} else {
				got[n.GroupLabels["alertname"]+" "+n.GroupLabels["account"]] += len(n.Alerts)
			}
		}
		if !maps.Equal(got, want) {
			return fmt.Errorf("alerts by notification: %v, want %v", got, want)
		}
		return nil
	})
	if n := len(receivers.since(sent)); n != len(want) {
		t.Errorf("%d notifications, want %d", n, len(want))
	}
}
