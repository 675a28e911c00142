package e2e

import (
	"fmt"
	"testing"
)

// TestInhibition tells an Alertmanager of alerts, some of which say nothing that
// another one does not say better.
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
		am.tell(map[string]string{"alertname": a.name, "account": a.account})
	}
	eventually(t, check)

	down := alert{name: "CloudflarePcapExporterDown"}
	want[down] = active
	labels := map[string]string{"alertname": down.name, "job": "cloudflare_pcap", "instance": "127.0.0.1:17227", "account": "", "others": "up"}
	am.tell(labels)
	eventually(t, check)

	down.account = "any" // only to tell the two apart
	labels["account"], labels["others"] = down.account, ""
	am.tell(labels)
	for a := range want {
		want[a] = suppressed
	}
	want[alert{name: "NotOurs"}], want[alert{name: down.name}], want[down] = active, active, active
	eventually(t, check)
}
