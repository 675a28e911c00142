package e2e

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const runbooks = "https://github.com/example/cloudflare_pcap_exporter/blob/main/deploy/runbooks/"

// laptop is the width of a row of panels without their frames, on a screen of 1366 px.
const laptop = 1310

var chosen = datasource{"prometheus", "${datasource}"}

// override has the settings of a column of a table.
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

// TestDashboardPanels checks the panels without running their queries.
func TestDashboardPanels(t *testing.T) {
	files, err := filepath.Glob("../runbooks/CloudflarePcap*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d runbooks: %v", len(files), err)
	}
	linked := make(map[string]bool)
	for _, d := range dashboards(t) {
		checkVariables(t, d)
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
				checkPanel(t, d, p)
			}
			for _, link := range p.Links {
				file := filepath.Join("../runbooks", strings.TrimPrefix(link.URL, runbooks))
				linked[file] = true
				if !slices.Contains(files, file) {
					t.Errorf("%s: panel %q: there is no runbook %s", d.file, p.Title, link.URL)
				}
			}
		}
	}
	for _, file := range files {
		if !linked[file] {
			t.Errorf("no panel links %s", file)
		}
	}
}

func checkPanel(t *testing.T, d dashboard, p panel) {
	t.Helper()
	file := d.file
	if p.Title == "" || len(p.Description) < 20 || p.FieldConfig.Defaults.Unit == "" || p.Datasource != chosen {
		t.Errorf("%s: panel %q needs a title, a description, a unit and the chosen data source: %+v", file, p.Title, p)
	}
	if len(p.Targets) == 0 {
		t.Errorf("%s: panel %q has no query", file, p.Title)
	}
	for _, column := range p.Options.SortBy {
		if !slices.ContainsFunc(p.FieldConfig.Overrides, func(o override) bool { return o.Matcher.Options == column.DisplayName }) {
			t.Errorf("%s: panel %q is sorted by %q, which is no column", file, p.Title, column.DisplayName)
		}
	}
	if p.Type == "table" && len(p.Options.SortBy) == 0 {
		t.Errorf("%s: panel %q is not sorted", file, p.Title)
	}
	if room := laptop * p.GridPos.W / 24; p.Type == "table" && columnWidths(p) > room {
		t.Errorf("%s: panel %q: its columns need %d px, and a laptop has %d", file, p.Title, columnWidths(p), room)
	}
	checkLinks(t, d, p)
	for _, target := range p.Targets {
		checkQuery(t, d, p, target)
	}
}

// columnWidths returns the width of all columns of a table. Grafana draws a column
// without a width at least 150 px wide. The last column is often the most important.
func columnWidths(p panel) (sum int) {
	for _, column := range p.FieldConfig.Overrides {
		width := 150
		for _, property := range column.Properties {
			switch value := property.Value.(type) {
			case float64:
				if property.ID == "custom.width" {
					width = int(value)
				}
			case bool:
				if property.ID == "custom.hidden" && value {
					width = 0
				}
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
