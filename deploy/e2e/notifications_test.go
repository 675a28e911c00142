package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// fast is the divisor of durations in tests of several hours.
const fast = 240

// fakeExporter exposes the metrics that a test sets.
type fakeExporter struct {
	*httptest.Server
	metrics atomic.Pointer[string]
}

func expose(t *testing.T, metrics string) *fakeExporter {
	t.Helper()
	f := &fakeExporter{}
	f.metrics.Store(&metrics)
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = w.Write([]byte(*f.metrics.Load()))
	}))
	t.Cleanup(f.Close)
	return f
}

// target returns the scrape configuration of the fake exporter.
func (f *fakeExporter) target() string { return "targets: [" + f.Listener.Addr().String() + "]" }

// failures returns the metrics of an account in which n captures have failed.
func failures(account, reason string, n int) string {
	return fmt.Sprintf("cloudflare_pcap_up{account=%[1]q} 1\ncloudflare_pcap_account_info{account=%[1]q,account_name=\"name-%[1]s\"} 1\n"+
		"cloudflare_pcap_captures_failed_total{account=%[1]q,system=\"magic-transit\",type=\"full\",colo=\"ord02\",reason=%[2]q} %[3]d\n", account, reason, n)
}

// TestFailuresForHours lets a capture fail every 25 minutes for 4 hours. This is one alert.
func TestFailuresForHours(t *testing.T) {
	t.Parallel()
	receivers, exporter := newInbox(t), expose(t, failures("a", "bucket", 0))
	p := alertingOn(t, startAlertmanager(t, receivers, fast), fast, exporter.target())
	eventually(t, p.want("account", `cloudflare_pcap_up`, map[string]float64{"a": 1}))
	started := time.Now()
	for n := range 10 {
		metrics := failures("a", "bucket", n+1)
		exporter.metrics.Store(&metrics)
		time.Sleep(25 * time.Minute / fast)
	}
	logDelay(t, "the start", started, receivers.await(t, started, pageAbout("CloudflarePcapCaptureFailed", "resolved")))
	if pages := pagesAbout(receivers, "CloudflarePcapCaptureFailed"); len(pages) != 2 {
		t.Errorf("%d pages, want one that fires and one that is resolved: %+v", len(pages), pages)
	}
}

// TestCauses lets the captures of 500 accounts fail for two reasons, be overdue, and lose their
// bucket. These are four notifications, which show the first ten accounts.
func TestCauses(t *testing.T) {
	t.Parallel()
	const accounts, slow = 500, 6
	// The evaluation of the rules must take less than group_wait: alerts that are older are sent at once.
	metrics := func(failed int) (text string) {
		for i := range accounts {
			account, labels := fmt.Sprintf("%032x", i), `type="full",colo="ord02"`
			text += failures(account, "bucket", failed) + strings.Split(failures(account, "other", failed), "\n")[2] + "\n"
			if failed > 0 {
				text += fmt.Sprintf("cloudflare_pcap_earliest_due_timestamp_seconds{account=%q,system=\"magic-transit\",%s} 1\n"+
					"cloudflare_pcap_bucket_ownership{account=%[1]q,bucket=\"s3://pcaps\",status=\"failed\"} 1\n", account, labels)
			}
		}
		return text
	}
	receivers, exporter := newInbox(t), expose(t, metrics(0))
	p := alertingOn(t, startAlertmanager(t, receivers, 2), slow, exporter.target())
	eventually(t, p.want("", `count(cloudflare_pcap_up)`, map[string]float64{"": accounts}))
	failed := metrics(1)
	exporter.metrics.Store(&failed)
	want := map[string]int{"CloudflarePcapCaptureFailed bucket": accounts, "CloudflarePcapCaptureFailed other": accounts,
		"CloudflarePcapCaptureOverdue ": accounts, "chat": 10}
	eventually(t, func() error {
		got, notifications := make(map[string]int), 0
		for _, n := range receivers.since(time.Time{}) {
			switch n.receiver {
			case "page":
				got[n.GroupLabels["alertname"]+" "+n.GroupLabels["reason"]] += len(n.Alerts)
				notifications++
			case "chat":
				got["chat"] += strings.Count(n.text(), "FIRING: ")
				notifications++
			}
		}
		if !maps.Equal(got, want) || notifications != len(want) {
			return fmt.Errorf("%d notifications, alerts by notification: %v, want %v", notifications, got, want)
		}
		return nil
	})
	text := receivers.await(t, time.Time{}, chatWith("")).text()
	if !strings.Contains(text, "(500 firing)") || len(text) > 3000 {
		t.Errorf("%d characters: %s", len(text), text)
	}
}

// TestSilence lets a capture fail during a silence. The alert resolves before the silence ends, so
// only the digest of the morning reports the failure.
func TestSilence(t *testing.T) {
	t.Parallel()
	receivers, exporter := newInbox(t), expose(t, failures("a", "bucket", 0))
	am := startAlertmanager(t, receivers, fast)
	p := alertingOn(t, am, fast, exporter.target())
	eventually(t, p.want("account", `cloudflare_pcap_up`, map[string]float64{"a": 1}))
	end, failed := am.silence(), failures("a", "bucket", 1)
	exporter.metrics.Store(&failed)
	eventually(t, wantAlerts(am, "CloudflarePcapCaptureFailed suppressed", "CloudflarePcapDailyFailures suppressed"))
	eventually(t, wantAlerts(am, "CloudflarePcapDailyFailures suppressed"))
	ended := time.Now()
	end()
	logDelay(t, "the silence", ended, receivers.await(t, ended, func(n notification) bool {
		return n.receiver == "digest" && strings.Contains(n.text(), "name-a: ") && strings.Contains(n.text(), "bucket")
	}))
	if pages := pagesAbout(receivers, "CloudflarePcapCaptureFailed"); len(pages) > 0 {
		t.Errorf("%d pages: %+v", len(pages), pages)
	}
}

// TestClusters lets captures fail in two clusters, one of which has two exporters of the account.
// Then the exporter of the other cluster dies, which explains only the alerts of its cluster.
func TestClusters(t *testing.T) {
	t.Parallel()
	var targets []string
	var exporters []*fakeExporter
	for _, cluster := range []string{"eu", "eu", "us"} {
		f := expose(t, failures("a", "bucket", 0))
		exporters, targets = append(exporters, f), append(targets, f.target()+"\n        labels: {cluster: "+cluster+"}")
	}
	receivers := newInbox(t)
	am := startAlertmanager(t, receivers, speed)
	p := alertingOn(t, am, speed, targets...)
	eventually(t, func() error { return p.healthy(len(targets)) })
	failed := failures("a", "bucket", 1)
	for _, f := range exporters {
		f.metrics.Store(&failed)
	}
	for _, cluster := range []string{"eu", "us"} {
		n := receivers.await(t, time.Time{}, func(n notification) bool { return n.receiver == "page" && n.GroupLabels["cluster"] == cluster })
		if len(n.Alerts) != 1 {
			t.Errorf("%d alerts of cluster %s, want 1: %s", len(n.Alerts), cluster, n.body)
		}
	}
	exporters[2].Close()
	eventually(t, wantAlerts(am, "CloudflarePcapCaptureFailed active", "CloudflarePcapCaptureFailed suppressed",
		"CloudflarePcapDailyFailures active", "CloudflarePcapDailyFailures suppressed", "CloudflarePcapExporterDown active"))
}

// pagesAbout returns the pages about an alert that have arrived.
func pagesAbout(b *inbox, alert string) (pages []notification) {
	for _, n := range b.since(time.Time{}) {
		if n.receiver == "page" && n.Alerts[0].Labels["alertname"] == alert {
			pages = append(pages, n)
		}
	}
	return pages
}
