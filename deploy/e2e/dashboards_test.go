package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// dashboard has the fields of a dashboard that the tests use.
type dashboard struct {
	file        string
	UID         string
	Panels      []panel
	Templating  struct{ List []variable }
	Annotations struct{ List []struct{ Expr string } }
}

type variable struct {
	Name, AllValue    string
	Multi, IncludeAll bool
	Refresh           int
}

type panel struct {
	ID                       int
	Type, Title, Description string
	Datasource               datasource
	Interval                 string
	GridPos                  struct{ X, Y, W, H int }
	FieldConfig              struct {
		Defaults  struct{ Unit string }
		Overrides []override
	}
	Options struct {
		SortBy []struct{ DisplayName string }
	}
	Targets         []target
	Transformations []transformation
	Links           []struct{ URL string }
	Panels          []panel // of a row that is collapsed
}

type datasource struct{ Type, UID string }

type target struct {
	Datasource                   datasource
	Expr, LegendFormat, Interval string
}

func dashboards(t *testing.T) (all []dashboard) {
	t.Helper()
	for _, name := range []string{"overview", "exporter"} {
		file := filepath.Join("../grafana/dashboards", name+".json")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		d := dashboard{file: file}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, d)
	}
	return all
}

// everyPanel includes the panels in rows.
func everyPanel(panels []panel) (all []panel) {
	for _, p := range panels {
		all = append(append(all, p), everyPanel(p.Panels)...)
	}
	return all
}

// TestDashboards runs every query of the dashboards while the demo runs. By default, nothing is
// collected for some columns of tables.
func TestDashboards(t *testing.T) {
	for _, mode := range []struct {
		name string
		p    prometheus
		all  bool
	}{
		{"default", scrape(t, "prometheus.yml", []*process{demo(t)}), false},
		{"opt-in", scrape(t, "prometheus.yml", []*process{demo(t, "--collector.buckets", "--collector.tokens", "--collector.capture-series=all")}), true},
	} {
		t.Run(mode.name, func(t *testing.T) {
			mode.p.t = t
			for _, d := range dashboards(t) {
				for _, panel := range everyPanel(d.Panels) {
					var exprs []string
					for _, target := range panel.Targets {
						exprs = append(exprs, interpolate(t, panel, target))
					}
					if panel.Type == "table" && !mode.all {
						exprs = []string{strings.Join(exprs, "\nor\n")}
					}
					for _, expr := range exprs {
						mode.p.gives(panel.Title, expr)
					}
				}
			}
		})
	}
}

// gives fails the test unless the query has a series within the time of eventually. Some
// have none between two captures.
func (p prometheus) gives(title, expr string) {
	p.t.Helper()
	eventually(p.t, func() error {
		series, err := p.query("", expr)
		if err == nil && len(series) == 0 {
			err = errors.New("no series")
		}
		if err != nil {
			err = fmt.Errorf("panel %q: %w: %s", title, err, expr)
		}
		return err
	})
}
