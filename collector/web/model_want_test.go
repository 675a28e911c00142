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

// The metrics of a list, and the counters of events.
var (
	listMetrics = []string{
		"captures", "packets_captured", "capture_errors", "stop_requested_captures", "newest_submitted_timestamp_seconds",
		"earliest_due_timestamp_seconds", "unrecognized_captures", "list_limit_reached",
		"capture_info", "capture_status", "capture_failure", "capture_packet_limit", "capture_submitted_timestamp_seconds", "capture_time_limit_seconds", "capture_size_limit_bytes",
		"capture_packets_captured", "capture_stop_requested_timestamp_seconds", "capture_series_dropped",
	}
	eventMetrics = []string{"captures_submitted_total", "captures_finished_total", "captures_failed_total", "capture_duration_seconds_count"}

	documented = []string{"unknown", "success", "pending", "running", "conversion_pending", "conversion_running", "complete", "failed"}
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

// gauges returns the series of a list.
func (l *modelList) gauges(account, mode string) values {
	v, distinct := make(values), 0
	for _, group := range []string{`type="simple"`, `type="full"`} {
		v.addGroup(account, "", `system="magic-transit",`+group)
	}
	for _, field := range []string{"system", "type", "status", "submitted", "stop_requested"} {
		v.add(0, "unrecognized_captures{account=%q,field=%q}", account, field)
	}
	for _, c := range l.visible {
		distinct++
		kind := fmt.Sprintf("system=%q,type=%q", cmp.Or(c.system, "unknown"), cmp.Or(c.typ, "unknown"))
		v.addGroup(account, c.colo, kind)
		v.addCapture(c, fmt.Sprintf("{account=%q,colo=%q,status=%q,%s}", account, c.colo, cmp.Or(c.status, "unknown"), kind))
		if c.message != "" || c.status == "failed" {
			v.add(1, "capture_errors{account=%q,colo=%q,reason=%q,%s}", account, c.colo, c.reason(), kind)
		}
		for field, undocumented := range map[string]bool{"system": c.system == "magic-wan", "type": c.typ == "burst", "status": c.status == "paused"} {
			if undocumented {
				v.add(1, "unrecognized_captures{account=%q,field=%q}", account, field)
			}
		}
	}
	v.add(0, "list_limit_reached{account=%q}", account)
	if len(l.pages) == 1 && l.listed >= 50 || len(l.pages) > 1 && distinct < l.listed {
		v.add(1, "list_limit_reached{account=%q}", account)
	}
	if mode != "none" {
		v.addSeries(l, account, mode)
	}
	return v
}

func (v values) addGroup(account, colo, kind string) {
	for _, status := range documented {
		v.add(0, "captures{account=%q,colo=%q,status=%q,%s}", account, colo, status, kind)
	}
	for reason := range messages {
		v.add(0, "capture_errors{account=%q,colo=%q,reason=%q,%s}", account, colo, reason, kind)
	}
}

func (v values) addCapture(c *modelCapture, labels string) {
	v["captures"+labels]++
	if c.packets >= 0 {
		v["packets_captured"+labels] += c.packets
	}
	if !c.stop.IsZero() {
		v["stop_requested_captures"+labels]++
	}
	if c.submitted.IsZero() {
		return
	}
	newest := "newest_submitted_timestamp_seconds" + labels
	v[newest] = max(v[newest], seconds(c.submitted))
	if c.limit >= 0 && !slices.Contains(append(finalStatuses, otherStatuses[:3]...), c.status) {
		due, at := "earliest_due_timestamp_seconds"+labels, seconds(c.submitted)+c.limit
		if first, ok := v[due]; !ok || at < first {
			v[due] = at
		}
	}
}

// addSeries adds the series of single captures.
func (v values) addSeries(l *modelList, account, mode string) {
	dropped := 0.0
	for _, c := range l.visible {
		isFinal := slices.Contains(finalStatuses, c.status)
		switch {
		case mode == "failed" && c.status != "failed", mode == "unfinished" && isFinal:
			continue
		case c.id == "":
			dropped++
			continue
		}
		labels := fmt.Sprintf("{account=%q,capture_id=%q", account, c.id)
		v.add(1, `capture_info{account=%q,bucket=%q,capture_id=%q,colo=%q,system=%q,type=%q}`, account, c.bucket, c.id, c.colo, cmp.Or(c.system, "unknown"), cmp.Or(c.typ, "unknown"))
		v.add(1, `capture_status%s,status=%q}`, labels, cmp.Or(c.status, "unknown"))
		if c.status == "failed" {
			v.add(1, `capture_failure%s,reason=%q}`, labels, c.reason())
		}
		for name, n := range map[string]float64{"time_limit_seconds": c.limit, "packets_captured": c.packets} {
			if n >= 0 {
				v.add(n, "capture_%s%s}", name, labels)
			}
		}
		for name, t := range map[string]time.Time{"submitted": c.submitted, "stop_requested": c.stop} {
			if !t.IsZero() {
				v.add(seconds(t), "capture_%s_timestamp_seconds%s}", name, labels)
			}
		}
	}
	v.add(dropped, "capture_series_dropped{account=%q}", account)
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
