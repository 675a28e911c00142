package collector_test

import (
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

const listed = `cloudflare_pcap_captures{account="` + accountID + `",colo="",status="complete",system="magic-transit",type="full"} 1`

func TestMinInterval(t *testing.T) {
	for interval, requests := range map[time.Duration]int{0: 3, 1: 3, time.Hour: 1} {
		e := newExporter(t, setup{options: collector.Options{MinInterval: interval}})
		e.api.Account(accountID).Answer(answer("a:complete"))
		first := e.scrape(t, "/probe?target=edge")
		for range 2 {
			text := e.scrape(t, "/probe?target=edge")
			expect(t, text, `cloudflare_pcap_up{account="`+accountID+`"} 1`)
			expect(t, text, listed)
			const timestamp = "cloudflare_pcap_snapshot_timestamp_seconds"
			if shown := grep(text, timestamp) == grep(first, timestamp); shown != (requests == 1) {
				t.Errorf("%v: the list shown is of %s, the first of %s", interval, grep(text, timestamp), grep(first, timestamp))
			}
		}
		if n := len(e.api.Requests()); n != requests {
			t.Errorf("%v: %d requests, want %d", interval, n, requests)
		}
	}
}

func TestMaxStaleness(t *testing.T) {
	for staleness, shown := range map[time.Duration]bool{0: false, 1: false, time.Hour: true} {
		e := newExporter(t, setup{series: collector.SeriesAll, options: collector.Options{MaxStaleness: staleness}})
		e.api.Inject(cfapitest.Fault{Status: 404, Times: 1})
		if text := e.scrape(t, "/probe?target=edge"); listMetrics.MatchString(text) {
			t.Errorf("%v: a list is shown before there was one", staleness)
		}
		e.api.Account(accountID).Answer(answer("a:complete"))
		good := e.scrape(t, "/probe?target=edge")
		e.api.Inject(cfapitest.Fault{Status: 404})
		text := e.scrape(t, "/probe?target=edge")
		expect(t, text, `cloudflare_pcap_up{account="`+accountID+`"} 0`)
		for line := range strings.Lines(good) {
			if listMetrics.MatchString(line) && strings.Contains(text, line) != shown {
				t.Errorf("%v: %s", staleness, line)
			}
		}
	}
}
