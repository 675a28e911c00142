package web

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// values are series without their namespace, such as `up{account="x"}`.
type values map[string]float64

func (v values) add(n float64, name string, labels ...any) {
	v[fmt.Sprintf(name, labels...)] += n
}

// of returns the series of the metrics for an account.
func (v values) of(account string, metrics ...string) values {
	selected := make(values)
	for series, n := range v {
		name, labels, _ := strings.Cut(series, "{")
		if slices.Contains(metrics, name) && strings.Contains(labels, account) {
			selected[series] = n
		}
	}
	return selected
}

// The metrics that tell lists apart, and the counters of events.
var (
	listMetrics  = []string{"captures", "list_limit_reached"}
	eventMetrics = []string{"captures_submitted_total", "captures_finished_total", "captures_failed_total", "capture_duration_seconds_count"}
)

func (c *modelCapture) reason() string {
	for reason, message := range messages {
		if c.message == message {
			return reason
		}
	}
	panic("no reason")
}

func seconds(t time.Time) float64 { return float64(t.UnixMicro()) / 1e6 }

// wantGauges returns the series of the list.
func (a *modelAccount) wantGauges() values {
	v, kinds := make(values), []string{`,system="magic-transit",type="simple"`, `,system="magic-transit",type="full"`}
	addStatuses := func(colo, kind string) {
		for _, status := range slices.Concat(unfinishedStatuses, finalStatuses, []string{"unknown"}) {
			v.add(0, "captures{account=%q,colo=%q,status=%q%s}", a.id, colo, status, kind)
		}
	}
	for _, kind := range kinds {
		addStatuses("", kind)
	}
	for _, c := range a.listed {
		kind := fmt.Sprintf(",system=%q,type=%q", cmp.Or(c.system, "unknown"), cmp.Or(c.typ, "unknown"))
		addStatuses(c.colo, kind)
		v.add(1, "captures{account=%q,colo=%q,status=%q%s}", a.id, c.colo, cmp.Or(c.status, "unknown"), kind)
	}
	v.add(0, "list_limit_reached{account=%q}", a.id)
	if len(a.listed) >= 50 {
		v.add(1, "list_limit_reached{account=%q}", a.id)
	}
	return v
}

// diff describes the first series in which v and want differ, or returns "".
func (v values) diff(want values) string {
	for _, series := range slices.Sorted(maps.Keys(want)) {
		if got, ok := v[series]; !ok || max(got-want[series], want[series]-got) > 1e-6 {
			return fmt.Sprintf("%s is %v (exists: %v), want %v", series, got, ok, want[series])
		}
	}
	for _, series := range slices.Sorted(maps.Keys(v)) {
		if _, ok := want[series]; !ok {
			return fmt.Sprintf("unexpected %s %v", series, v[series])
		}
	}
	return ""
}
