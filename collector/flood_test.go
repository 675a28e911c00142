package collector_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	dto "github.com/prometheus/client_model/go"

	"cloudflare_pcap_exporter/collector"
)

// TestFlood has 3,000 captures with a colo, a status and a type of their own.
func TestFlood(t *testing.T) {
	var captures []string
	for i := range 3000 {
		captures = append(captures, fmt.Sprintf(
			`{"id":"%032x","status":"s%d","type":"t%d","system":"magic-transit","colo_name":"c%d","submitted":"2026-11-22T10:00:00Z"}`, i, i, i/100, i))
	}
	e := newExporter(t, setup{series: collector.SeriesAll})
	e.api.Account(accountID).Answer([]byte(`{"success":true,"result":[` + strings.Join(captures, ",") + `]}`))
	families := parse(t, e.scrape(t, "/probe?target="+accountID))

	sum, groups, statuses := 0.0, map[string]bool{}, map[string]bool{}
	for _, m := range families["cloudflare_pcap_captures"].GetMetric() {
		sum += m.GetGauge().GetValue()
		groups[label(m, "system")+"/"+label(m, "type")+"/"+label(m, "colo")] = true
		statuses[label(m, "status")] = true
	}
	if sum != 3000 {
		t.Errorf("%v captures", sum)
	}
	if n := len(groups); n > 500 || n < 490 {
		t.Errorf("%d groups", n)
	}
	if n := len(statuses); n != 8+32+1 {
		t.Errorf("%d statuses", n)
	}
	// The first 490 groups are shown as they are, and nine more without their colo.
	for _, group := range []string{"magic-transit/t4/c487", "magic-transit/t4/other", "magic-transit/t12/other", "other/other/other"} {
		if !groups[group] {
			t.Errorf("no group %s", group)
		}
	}
	for _, m := range families["cloudflare_pcap_unrecognized_captures"].GetMetric() {
		want := map[string]float64{"system": 0, "type": 3000, "status": 3000}[label(m, "field")]
		if got := m.GetGauge().GetValue(); got != want {
			t.Errorf("%v captures with an undocumented %s", got, label(m, "field"))
		}
	}
	if n := len(families["cloudflare_pcap_capture_info"].GetMetric()); n != 200 {
		t.Errorf("series of %d captures", n)
	}
	if n := families["cloudflare_pcap_capture_series_dropped"].GetMetric()[0].GetGauge().GetValue(); n != 2800 {
		t.Errorf("%v captures without series", n)
	}
}

// TestFloodOfClasses has more types, in time, than the events are counted by.
func TestFloodOfClasses(t *testing.T) {
	e := newExporter(t, setup{})
	for round := range 30 {
		var captures []string
		for i := range 32 {
			captures = append(captures, fmt.Sprintf(`{"id":"%d-%d","status":"complete","type":"t%d-%d"}`, round, i, round, i))
		}
		e.api.Account(accountID).Answer([]byte(`{"success":true,"result":[` + strings.Join(captures, ",") + `]}`))
		e.scrape(t, "/probe?target="+accountID)
	}
	families := parse(t, e.scrape(t, "/probe?target="+accountID))
	sum := 0.0
	for _, m := range families["cloudflare_pcap_captures_submitted_total"].GetMetric() {
		sum += m.GetCounter().GetValue()
	}
	if sum != 29*32 {
		t.Errorf("%v captures submitted", sum)
	}
	if n := len(families["cloudflare_pcap_captures_submitted_total"].GetMetric()); n > 500 {
		t.Errorf("%d series", n)
	}
}

func parse(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return families
}

func label(m *dto.Metric, name string) string {
	for _, l := range m.GetLabel() {
		if l.GetName() == name {
			return l.GetValue()
		}
	}
	return ""
}
