package e2e

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// checkVariables has the rules of dashboard-linter for variables. It also wants another
// value for all, but here the value All stands for the jobs of the exporter only.
func checkVariables(t *testing.T, d dashboard) {
	t.Helper()
	for i, v := range d.Templating.List {
		if (v.Name == "datasource") != (i == 0) {
			t.Errorf("%s: %q is variable %d", d.file, v.Name, i)
		}
		if i > 0 && (v.Refresh != 2 || !v.Multi || !v.IncludeAll) {
			t.Errorf("%s: variable %q has one value, or does not change with the time range: %+v", d.file, v.Name, v)
		}
	}
	if list := d.Annotations.List; len(list) != 1 || !strings.HasPrefix(list[0].Expr, "ALERTS{") {
		t.Errorf("%s does not show when alerts fired: %+v", d.file, list)
	}
}

// has reports whether the dashboard has a variable.
func (d dashboard) has(name string) bool {
	return slices.ContainsFunc(d.Templating.List, func(v variable) bool { return v.Name == name })
}

var (
	metric   = regexp.MustCompile(`\b(cloudflare_pcap_\w+|(?:process|go|promhttp)_\w+|up)\b(\{[^}]*\})?`)
	counters = regexp.MustCompile(`(\w+\()?\b\w+_total\{`)
)

// checkQuery has the rules of dashboard-linter for queries.
func checkQuery(t *testing.T, d dashboard, p panel, q target) {
	t.Helper()
	if q.LegendFormat == "" || q.Datasource != chosen {
		t.Errorf("%s: panel %q needs a legend and the chosen data source for %s", d.file, p.Title, q.Expr)
	}
	if q.Interval != "$__interval" || p.Interval == "" {
		t.Errorf("%s: panel %q has the steps %q and %q", d.file, p.Title, p.Interval, q.Interval)
	}
	for _, selector := range metric.FindAllStringSubmatch(q.Expr, -1) {
		for _, label := range []string{"cluster", "job", "instance"} {
			if d.has(label) && !strings.Contains(selector[2], label+`=~"$`+label+`"`) {
				t.Errorf("%s: panel %q ignores the chosen %s: %s", d.file, p.Title, label, selector[0])
			}
		}
	}
	for _, counter := range counters.FindAllStringSubmatch(q.Expr, -1) {
		if counter[1] != "rate(" && counter[1] != "increase(" {
			t.Errorf("%s: panel %q shows a counter: %s", d.file, p.Title, q.Expr)
		}
	}
}

var linkedColumn = regexp.MustCompile(`\$\{__data\.fields\.(\w+)\}`)

// checkLinks checks that the columns that links of other columns use exist.
func checkLinks(t *testing.T, d dashboard, p panel) {
	t.Helper()
	for _, column := range p.FieldConfig.Overrides {
		for _, property := range column.Properties {
			if property.ID != "links" {
				continue
			}
			for _, used := range linkedColumn.FindAllStringSubmatch(fmt.Sprint(property.Value), -1) {
				if !slices.ContainsFunc(p.FieldConfig.Overrides, func(o override) bool { return o.Matcher.Options == used[1] }) {
					t.Errorf("%s: panel %q: the links of %q use %q, which is no column", d.file, p.Title, column.Matcher.Options, used[1])
				}
			}
		}
	}
}
