package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// dashboard is what the tests look at in a file for Grafana.
type dashboard struct {
	file       string
	Templating struct{ List []variable }
	Panels     []panel
}

type variable struct {
	Name, Type string
	Query      any // text, or an object with the text
}

type panel struct {
	ID                       int
	Type, Title, Description string
	Datasource               datasource
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
	Datasource         datasource
	Expr, LegendFormat string
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

// everyPanel has the panels in rows, too.
func everyPanel(panels []panel) (all []panel) {
	for _, p := range panels {
		all = append(append(all, p), everyPanel(p.Panels)...)
	}
	return all
}

// TestDashboards runs every query of the dashboards while the demo goes on.
func TestDashboards(t *testing.T) {
	for _, mode := range []struct {
		name string
		p    prometheus
	}{
		{"default", scrape(t, "prometheus.yml", []*process{demo(t)})},
		{"opt-in", scrape(t, "prometheus.yml", []*process{demo(t, "--collector.buckets", "--collector.token")})},
	} {
		t.Run(mode.name, func(t *testing.T) {
			mode.p.t = t
			for _, d := range dashboards(t) {
				for _, v := range d.Templating.List {
					mode.p.offers(v)
				}
				for _, panel := range everyPanel(d.Panels) {
					for _, target := range panel.Targets {
						mode.p.gives(panel.Title, target.Expr)
					}
				}
			}
		})
	}
}

// gives fails the test unless the query comes to have a series. Some have none
// between one capture and the next.
func (p prometheus) gives(title, query string) {
	p.t.Helper()
	expr := interpolate(query)
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

var (
	labelValues = regexp.MustCompile(`^label_values\((.+), (\w+)\)$`)
	queryResult = regexp.MustCompile(`(?s)^query_result\((.+)\)$`)
)

// offers fails the test unless there is something to choose.
func (p prometheus) offers(v variable) {
	p.t.Helper()
	if v.Type != "query" {
		return
	}
	query, _ := v.Query.(map[string]any)
	text, _ := query["query"].(string)
	if found := labelValues.FindStringSubmatch(text); found != nil {
		p.gives(v.Name, fmt.Sprintf(`count by (%[1]s) (%[2]s) and on (%[1]s) group by (%[1]s) ({%[1]s!=""})`, found[2], found[1]))
		return
	}
	found := queryResult.FindStringSubmatch(text)
	if found == nil {
		p.t.Fatalf("variable %s asks %q", v.Name, text)
	}
	eventually(p.t, p.want("name", interpolate(found[1]), map[string]float64{prodName: 1, labName: 1}))
}

var reference = regexp.MustCompile(`\$(\w+)`)

// interpolate puts values in place of variables, as Grafana does with all chosen.
func interpolate(query string) string {
	return reference.ReplaceAllStringFunc(query, func(name string) string {
		if name == "$__rate_interval" || name == "$__range" {
			return "1m"
		}
		return ".*"
	})
}
