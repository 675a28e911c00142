package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/captures"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func render(t *testing.T, v *View) string {
	t.Helper()
	var b strings.Builder
	v.Now = now
	if err := Write(&b, v); err != nil {
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

// newAccounts returns n accounts with the same list, scraped now.
func newAccounts(n int, list *captures.Snapshot) (accounts []Account) {
	for i := range n {
		accounts = append(accounts, Account{ID: fmt.Sprintf("%032x", i), LastScrape: now, LastSuccess: now, List: list})
	}
	return accounts
}

// newList returns a list of captures that was fetched now.
func newList(list ...*cfapi.Capture) *captures.Snapshot {
	return captures.New(&cfapi.CaptureList{Captures: list}, now, captures.SeriesNone)
}

func seconds(d time.Duration) cfapi.Number { return cfapi.Number{Value: d.Seconds(), Valid: true} }
