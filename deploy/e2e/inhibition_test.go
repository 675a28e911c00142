package e2e

import (
	"fmt"
	"testing"
)

// TestInhibition sends alerts that inhibit others, and alerts that do not.
func TestInhibition(t *testing.T) {
	const active, suppressed = "active", "suppressed"
	type alert struct{ name, account string }
	want := map[alert]string{
		{"CloudflarePcapUnauthorized", "a"}:          active,
		{"CloudflarePcapListingFailed", "a"}:         suppressed,
		{"CloudflarePcapFailureRatioHigh", "a"}:      active,
		{"CloudflarePcapCaptureNotStopping", "a"}:    active,
		{"CloudflarePcapCaptureOverdue", "b"}:        active,
		{"CloudflarePcapCaptureNotStopping", "b"}:    suppressed,
		{"CloudflarePcapListingFailed", "b"}:         active,
		{"CloudflarePcapCaptureFailed", "c"}:         active,
		{"CloudflarePcapFailureRatioHigh", "c"}:      suppressed,
		{"CloudflarePcapBucketOwnershipFailed", "c"}: active,
		{"CloudflarePcapBudgetLow", ""}:              active,
		{"NotOurs", ""}:                              active,
	}
	am := startAlertmanager(t, newInbox(t), speed)
	check := func() error {
		got, err := am.alerts()
		if err == nil && len(got) != len(want) {
			err = fmt.Errorf("%d alerts, want %d", len(got), len(want))
		}
		for _, a := range got {
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

	down.account = "any" // distinguishes it from the first one
	labels["account"], labels["others"] = down.account, ""
	am.send(labels)
	for a := range want {
		want[a] = suppressed
	}
	want[alert{name: "NotOurs"}], want[alert{name: down.name}], want[down] = active, active, active
	eventually(t, check)
}
