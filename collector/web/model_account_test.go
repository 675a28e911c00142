package web

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// modelAccount is an account at the API, and what the exporter should export of it.
type modelAccount struct {
	id, name   string
	credential string
	created    int // captures so far
	listed     []*modelCapture
	gone       []*modelCapture // left the window

	// Since the exporter knows the account:
	success float64 // time of the last success; 0 if there was none
	gauges  values  // of that list
	events  values
	errors  values // scrape_errors_total, as exported last
}

// forget makes the account one that the exporter does not know.
func (a *modelAccount) forget() {
	for _, c := range slices.Concat(a.gone, a.listed) {
		c.known, c.finished = false, false
	}
	a.success, a.gauges, a.errors, a.events = 0, make(values), make(values), make(values)
	a.events.add(0, `capture_duration_seconds_count{account=%q,type="full"}`, a.id)
	for _, typ := range []string{"simple", "full"} {
		a.events.addEvents(a.id, "", fmt.Sprintf(`system="magic-transit",type=%q`, typ))
	}
}

func (v values) addEvents(account, colo, kind string) {
	v.add(0, "captures_submitted_total{account=%q,%s}", account, kind)
	for _, status := range finalStatuses {
		v.add(0, "captures_finished_total{account=%q,colo=%q,status=%q,%s}", account, colo, status, kind)
	}
	for reason := range messages {
		v.add(0, "captures_failed_total{account=%q,colo=%q,reason=%q,%s}", account, colo, reason, kind)
	}
}

// age changes the captures: some leave the window, come back, move on or are new.
func (a *modelAccount) age(r *rand.Rand) {
	var listed []*modelCapture
	for range r.IntN(6) {
		a.created++ // too few in a life for the exporter to forget one
		listed = append(listed, newModelCapture(r, fmt.Sprintf("%s-%d", a.id[:4], a.created), time.Now()))
	}
	for _, c := range a.listed {
		if chance(r, 5) || len(listed) > 55 {
			a.gone = append(a.gone, c)
		} else {
			listed = append(listed, c)
		}
	}
	if len(a.gone) > 0 && chance(r, 30) {
		i := r.IntN(len(a.gone))
		listed = slices.Insert(listed, r.IntN(len(listed)+1), a.gone[i])
		a.gone = slices.Delete(a.gone, i, i+1)
	}
	if chance(r, 10) {
		r.Shuffle(len(listed), func(i, k int) { listed[i], listed[k] = listed[k], listed[i] })
	}
	a.listed = listed
	for _, c := range slices.Concat(a.listed, a.gone) {
		c.advance(r)
	}
}

// commit counts the events of the list.
func (a *modelAccount) commit() {
	primed := a.success > 0
	for _, c := range a.listed {
		typ := cmp.Or(c.typ, "unknown")
		kind := fmt.Sprintf("system=%q,type=%q", cmp.Or(c.system, "unknown"), typ)
		a.events.addEvents(a.id, c.colo, kind)
		finishes := !c.finished && slices.Contains(finalStatuses, c.status)
		if primed && !c.known {
			a.events.add(1, "captures_submitted_total{account=%q,%s}", a.id, kind)
		}
		if primed && finishes {
			a.events.add(1, "captures_finished_total{account=%q,colo=%q,status=%q,%s}", a.id, c.colo, c.status, kind)
			if c.status == "failed" {
				a.events.add(1, "captures_failed_total{account=%q,colo=%q,reason=%q,%s}", a.id, c.colo, c.reason(), kind)
			}
			if c.known && !c.submitted.IsZero() {
				a.events.add(1, "capture_duration_seconds_count{account=%q,type=%q}", a.id, typ)
			}
		}
		c.known, c.finished = true, c.finished || finishes
	}
}
