package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Grafana's defaults.
const (
	dataSourceInterval = 15 * time.Second
	timeRange          = time.Hour // of the dashboards
)

var (
	reference = regexp.MustCompile(`\$(\w+)|\$\{(\w+)\}`)
	window    = regexp.MustCompile(`\[(\w+)\]`)
)

// interpolate replaces variables by values, as Grafana does if all are chosen and nothing is
// configured. It divides all durations by speed, because the test scrapes every second, and
// not every minute.
func interpolate(t *testing.T, p panel, q target) string {
	t.Helper()
	step := parse(t, p.Interval)
	minStep := dataSourceInterval
	switch q.Interval {
	case "":
	case "$__interval":
		minStep = step
	default:
		minStep = parse(t, q.Interval)
	}
	// From Grafana's calculateRateInterval in pkg/promlib/models/query.go.
	rateInterval := max(step+minStep, 4*minStep)
	values := map[string]string{
		"__interval":      step.String(),
		"__rate_interval": rateInterval.String(),
		"__range":         timeRange.String(),
		"__interval_ms":   fmt.Sprint((step / speed).Milliseconds()),
	}
	expr := reference.ReplaceAllStringFunc(q.Expr, func(name string) string {
		if value, ok := values[strings.Trim(name, "${}")]; ok {
			return value
		}
		return ".*"
	})
	return window.ReplaceAllStringFunc(expr, func(w string) string {
		return fmt.Sprintf("[%dms]", (parse(t, strings.Trim(w, "[]")) / speed).Milliseconds())
	})
}

func parse(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
