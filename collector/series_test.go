package collector_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/collector"
)

func TestSeriesModes(t *testing.T) {
	const listed = "a:running b:complete c:failed d:success e:pending f:queued"
	for mode, want := range map[collector.SeriesMode]string{
		collector.SeriesNone:       "",
		collector.SeriesUnfinished: "a e f",
		collector.SeriesFailed:     "c",
		collector.SeriesAll:        "a b c d e f",
	} {
		e := newExporter(t, setup{series: mode})
		e.api.Account(accountID).Answer(answer(listed))
		families := parse(t, e.scrape(t, "/probe?target="+accountID))
		var ids []string
		for _, m := range families["cloudflare_pcap_capture_status"].GetMetric() {
			ids = append(ids, label(m, "id"))
		}
		slices.Sort(ids)
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: got %q, want %q", mode, got, want)
		}
	}
}

// TestSeriesAreOfTheNewest lists the oldest first, and two ids that are one
// once they are cut to the length of a label.
func TestSeriesAreOfTheNewest(t *testing.T) {
	long := strings.Repeat("x", 128)
	captures := []string{`{"id":"old"}`, `{"id":"older","submitted":"2026-11-22T09:00:00Z"}`}
	for i := range 500 {
		captures = append(captures, fmt.Sprintf(`{"id":"%03d","submitted":"2026-11-22T10:00:00Z"}`, i))
	}
	captures = append(captures,
		`{"id":"`+long+`1","submitted":"2026-11-22T11:00:00Z"}`,
		`{"id":"`+long+`2","submitted":"2026-11-22T11:00:00Z"}`,
	)
	e := newExporter(t, setup{series: collector.SeriesAll})
	e.api.Account(accountID).Answer([]byte(`{"success":true,"result":[` + strings.Join(captures, ",") + `]}`))
	families := parse(t, e.scrape(t, "/probe?target="+accountID))
	var ids []string
	for _, m := range families["cloudflare_pcap_capture_info"].GetMetric() {
		ids = append(ids, label(m, "id"))
	}
	slices.Sort(ids)
	if len(ids) != 200 || ids[199] != long || ids[198] != "198" {
		t.Errorf("series of %d captures, the last ones %q", len(ids), ids[max(len(ids)-2, 0):])
	}
	if n := families["cloudflare_pcap_capture_series_dropped"].GetMetric()[0].GetGauge().GetValue(); n != 304 {
		t.Errorf("%v captures without series", n)
	}
}
