package e2e

import (
	"slices"
	"strings"
	"testing"
)

// alerts are those that have a runbook.
var alerts = []string{
	"CloudflarePcapCaptureFailed", "CloudflarePcapCaptureWithoutPackets", "CloudflarePcapFailureRatioHigh",
	"CloudflarePcapCaptureOverdue", "CloudflarePcapCaptureNotStopping",
	"CloudflarePcapBucketOwnershipFailed", "CloudflarePcapBucketOwnershipPending",
	"CloudflarePcapListLimitReached", "CloudflarePcapAPIUnreachable", "CloudflarePcapUnauthorized",
	"CloudflarePcapRateLimited", "CloudflarePcapBudgetLow", "CloudflarePcapTokenExpiring",
	"CloudflarePcapUnrecognizedValues", "CloudflarePcapExporterDown", "CloudflarePcapConfigReloadFailed",
}

const runbooks = "https://github.com/example/cloudflare_pcap_exporter/blob/main/deploy/runbooks/"

// laptop is how wide all panels of a row are on a screen of 1366 px, their frames left out.
const laptop = 1310

var chosen = datasource{"prometheus", "${datasource}"}

// override is what is said of one column of a table.
type override struct {
	Matcher    struct{ Options string }
	Properties []struct {
		ID    string
		Value any
	}
}

type transformation struct {
	Options struct{ ExcludeByName map[string]bool }
}

// TestDashboardPanels reads what Prometheus cannot tell of the dashboards.
func TestDashboardPanels(t *testing.T) {
	linked := make(map[string]bool)
	for _, d := range dashboards(t) {
		ids := make(map[int]bool)
		panels := everyPanel(d.Panels)
		for i, p := range panels {
			if p.ID == 0 || ids[p.ID] {
				t.Errorf("%s: panel %q: the id %d is not its own", d.file, p.Title, p.ID)
			}
			ids[p.ID] = true
			for _, other := range panels[:i] {
				if overlap(p, other) || p.GridPos.X+p.GridPos.W > 24 {
					t.Errorf("%s: panel %q lies upon %q or beyond the edge", d.file, p.Title, other.Title)
				}
			}
			if p.Type != "row" {
				checkPanel(t, d.file, p)
			}
			for _, link := range p.Links {
				name, _ := strings.CutPrefix(link.URL, runbooks)
				name, _ = strings.CutSuffix(name, ".md")
				linked[name] = true
				if !slices.Contains(alerts, name) {
					t.Errorf("%s: panel %q: there is no runbook %s", d.file, p.Title, link.URL)
				}
			}
		}
	}
	for _, alert := range alerts {
		if !linked[alert] {
			t.Errorf("no panel links the runbook of %s", alert)
		}
	}
}

func checkPanel(t *testing.T, file string, p panel) {
	t.Helper()
	if p.Title == "" || len(p.Description) < 20 || p.FieldConfig.Defaults.Unit == "" || p.Datasource != chosen {
		t.Errorf("%s: panel %q needs a title, a description, a unit and the data source chosen: %+v", file, p.Title, p)
	}
	if len(p.Targets) == 0 {
		t.Errorf("%s: panel %q asks nothing", file, p.Title)
	}
	for _, column := range p.Options.SortBy {
		if !slices.ContainsFunc(p.FieldConfig.Overrides, func(o override) bool { return o.Matcher.Options == column.DisplayName }) {
			t.Errorf("%s: panel %q is sorted by %q, which is no column", file, p.Title, column.DisplayName)
		}
	}
	if p.Type == "table" && len(p.Options.SortBy) == 0 {
		t.Errorf("%s: panel %q does not say what comes first", file, p.Title)
	}
	if room := laptop * p.GridPos.W / 24; p.Type == "table" && columnWidths(p) > room {
		t.Errorf("%s: panel %q: its columns need %d px, and a laptop has %d", file, p.Title, columnWidths(p), room)
	}
	for _, target := range p.Targets {
		if target.LegendFormat == "" || target.Datasource != chosen {
			t.Errorf("%s: panel %q needs a legend and the data source chosen for %s", file, p.Title, target.Expr)
		}
		if !strings.Contains(target.Expr, "$account") && !strings.Contains(target.Expr, "$instance") {
			t.Errorf("%s: panel %q does not heed what is chosen: %s", file, p.Title, target.Expr)
		}
	}
}

// columnWidths is what the columns of a table need: one without a width of its own
// is drawn at least 150 px wide. The last is often that which matters most.
func columnWidths(p panel) (sum int) {
	for _, column := range p.FieldConfig.Overrides {
		width := 150
		for _, property := range column.Properties {
			if value, ok := property.Value.(float64); ok && property.ID == "custom.width" {
				width = int(value)
			}
		}
		if !hides(p, column.Matcher.Options) {
			sum += width
		}
	}
	return sum
}

func hides(p panel, column string) bool {
	return slices.ContainsFunc(p.Transformations, func(t transformation) bool { return t.Options.ExcludeByName[column] })
}

func overlap(a, b panel) bool {
	g, h := a.GridPos, b.GridPos
	return g.X < h.X+h.W && h.X < g.X+g.W && g.Y < h.Y+h.H && h.Y < g.Y+g.H
}
