package collector

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

// names returns the names of the series of an exposition. A name counts once for adjacent series.
func names(exposition string) (names []string) {
	for line := range strings.Lines(exposition) {
		name, _, _ := strings.Cut(line, "{")
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return names
}

// An account that fails has none of the metrics of a list.
func TestFailedAccount(t *testing.T) {
	api := new(simulation.API)
	set := newSet(t, api, accounts.Options{Series: captures.SeriesAll}, accountID)
	if _, err := api.Account(accountID).Submit(simulation.Capture{}); err != nil {
		t.Fatal(err)
	}
	c := NewCaptures(t.Context(), set.Targets().Accounts, 1)
	expose(t, c)
	api.Inject(simulation.Fault{Status: 404})
	text := expose(t, c)
	want := []string{
		"account_info", "capture_duration_seconds_bucket", "capture_duration_seconds_sum", "capture_duration_seconds_count",
		"captures_failed_total", "captures_finished_total", "captures_submitted_total", "last_success_timestamp_seconds",
		"scrape_duration_seconds", "scrape_errors_total", "up",
	}
	if got := names(text); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	checkContains(t, text, `up{account="`+accountID+`"} 0`, `scrape_errors_total{reason="rejected"} 1`, `scrape_errors_total{reason="network"} 0`)
}

// A stale list is exported with up 0.
func TestStaleList(t *testing.T) {
	api := new(simulation.API)
	set := newSet(t, api, accounts.Options{MaxStaleness: time.Hour}, accountID)
	c := NewCaptures(t.Context(), set.Targets().Accounts, 1)
	expose(t, c)
	api.Inject(simulation.Fault{Status: 404})
	checkContains(t, expose(t, c), `up{account="`+accountID+`"} 0`, `captures{colo="",status="failed",system="magic-transit",type="full"} 0`)
}

// More accounts hang than are listed at the same time. The others send nothing, and
// fail, too.
func TestConcurrency(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		api.Inject(simulation.Fault{Hang: true})
		var ids []string
		for i := range 40 {
			ids = append(ids, fmt.Sprintf("%032x", i))
		}
		requests := NewRequests()
		set := newSet(t, api, accounts.Options{OnRequest: requests.Observe}, ids...)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		text := expose(t, NewCaptures(ctx, set.Targets().Accounts, 16))
		if n := strings.Count(text, `reason="timeout"} 1`+"\n"); n != 40 {
			t.Errorf("%d accounts timed out", n)
		}
		if n := len(api.Requests()); n != 16 {
			t.Errorf("%d requests were sent", n)
		}
		synctest.Wait()
		checkContains(t, expose(t, requests), `api_requests_total{code="none",endpoint="pcaps"} 16`)
	})
}
