package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
)

// TestInhibition sends alerts that inhibit others, and alerts that do not.
func TestInhibition(t *testing.T) {
	const active, suppressed = "active", "suppressed"
	type alert struct{ name, account string }
	want := map[alert]string{
		{"CloudflarePcapUnauthorized", "a"}:          active,
		{"CloudflarePcapAPIUnreachable", "a"}:        suppressed,
		{"CloudflarePcapFailureRatioHigh", "a"}:      active,
		{"CloudflarePcapCaptureNotStopping", "a"}:    active,
		{"CloudflarePcapCaptureOverdue", "b"}:        active,
		{"CloudflarePcapCaptureNotStopping", "b"}:    suppressed,
		{"CloudflarePcapAPIUnreachable", "b"}:        active,
		{"CloudflarePcapCaptureFailed", "c"}:         active,
		{"CloudflarePcapFailureRatioHigh", "c"}:      suppressed,
		{"CloudflarePcapBucketOwnershipFailed", "c"}: active,
		{"CloudflarePcapBudgetLow", ""}:              active,
		{"NotOurs", ""}:                              active,
	}
	am := notify(t, newInbox(t))
	check := func() error {
		shown, err := am.alerts()
		if err == nil && len(shown) != len(want) {
			err = fmt.Errorf("%d alerts, want %d", len(shown), len(want))
		}
		for _, a := range shown {
			key := alert{a.Labels["alertname"], a.Labels["account"]}
			if err == nil && a.Status.State != want[key] {
				err = fmt.Errorf("%v is %s, want %s", key, a.Status.State, want[key])
			}
		}
		return err
	}
	for a := range want {
		am.send(map[string]string{"alertname": a.name, "account": a.account})
	}
	eventually(t, check)

	down := alert{name: "CloudflarePcapExporterDown"}
	want[down] = active
	labels := map[string]string{"alertname": down.name, "job": "cloudflare_pcap", "instance": "127.0.0.1:17227", "account": "", "others": "up"}
	am.send(labels)
	eventually(t, check)

	down.account = "any" // only to distinguish the two
	labels["account"], labels["others"] = down.account, ""
	am.send(labels)
	for a := range want {
		want[a] = suppressed
	}
	want[alert{name: "NotOurs"}], want[alert{name: down.name}], want[down] = active, active, active
	eventually(t, check)
}

// TestGrouping sends a failure in five colos, a failure in another account, and failures of
// a token and of the API that several accounts share. Each of the four is one notification.
func TestGrouping(t *testing.T) {
	t.Parallel()
	receivers := newInbox(t)
	am, sent := notify(t, receivers), time.Now()
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
