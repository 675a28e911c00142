package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func newView() *View { return New("1.2.3", "/metrics", now) }

// addAccounts adds accounts with the list to n in total, scraped now.
func (v *View) addAccounts(n int, list *captures.Snapshot, reason cfapi.Reason) {
	for len(v.Accounts) < n {
		v.Add(fmt.Sprintf("%032x", len(v.Accounts)), "", accounts.Status{LastScrape: now, List: list, Health: accounts.Health{LastSuccess: now, Reason: reason}})
	}
}

func (v *View) render(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	if err := v.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func checkContains(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
}

// newList returns a list of captures that was fetched now.
func newList(list ...*cfapi.Capture) *captures.Snapshot {
	return captures.New(&cfapi.CaptureList{Captures: list}, now, captures.SeriesNone)
}

func seconds(d time.Duration) cfapi.Number { return cfapi.Number{Value: d.Seconds(), Valid: true} }
