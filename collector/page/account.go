package page

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

// tolerance is the time after its time limit at which a full capture is overdue: conversion
// and storage take time. The alert for overdue captures uses the same value.
const tolerance = 5 * time.Minute

// States of an account, the most urgent first.
const (
	down     = "down"
	overdue  = "overdue"  // up, with an overdue capture
	failures = "failures" // up, with failed captures
	waiting  = "waiting"  // for its first scrape
	up       = "up"
)

var states = []string{down, overdue, failures, waiting, up}

// account is the part of the page about one account.
type account struct {
	accounts.Status
	ID, Name       string
	State          string
	Statuses       map[string]int // captures
	Unfinished     []row          // due first, first
	MoreUnfinished int
	Failed         []row // newest first
	MoreFailures   int
	Unrecognized   int // undocumented values
}

func newAccount(id, name string, s accounts.Status) account {
	a := account{Status: s, ID: id, Name: captures.Sanitize(name), State: up, Statuses: make(map[string]int)}
	if s.List != nil {
		a.addList(s.List)
	}
	switch {
	case s.Reason != "":
		a.State = down
	case s.List == nil:
		a.State = waiting
	case slices.ContainsFunc(a.Unfinished, row.Overdue):
		a.State = overdue
	case len(a.Failed) > 0:
		a.State = failures
	}
	a.Unfinished, a.MoreUnfinished = truncate(a.Unfinished, maxRows)
	a.Failed, a.MoreFailures = truncate(a.Failed, maxRows)
	return a
}

func (a *account) addList(l *captures.Snapshot) {
	for _, n := range l.Unrecognized {
		a.Unrecognized += n
	}
	groups := slices.SortedFunc(maps.Keys(l.Groups), func(a, b captures.Group) int {
		return cmp.Or(cmp.Compare(a.Colo, b.Colo), cmp.Compare(a.Type, b.Type), cmp.Compare(a.System, b.System))
	})
	for _, group := range groups {
		totals := l.Groups[group]
		for _, name := range slices.Sorted(maps.Keys(totals.ByStatus)) {
			r := row{group, totals.ByStatus[name], name, totals.Errors, l.Fetched}
			a.Statuses[name] += r.Captures
			switch status := captures.StatusOf(name); {
			case status.Unfinished:
				a.Unfinished = append(a.Unfinished, r)
			case status.Failed:
				a.Failed = append(a.Failed, r)
			}
		}
	}
	slices.SortStableFunc(a.Unfinished, func(a, b row) int { return a.due().Compare(b.due()) })
	slices.SortStableFunc(a.Failed, func(a, b row) int { return b.Newest.Submitted.Compare(a.Newest.Submitted) })
}

// row summarizes the captures of a group with the same status.
type row struct {
	captures.Group
	*captures.Stats
	Status string
	Errors map[string]int // of the group, by reason

	fetched time.Time
}

// due returns the time by which rows are ordered: those without a time limit are last.
func (r row) due() time.Time { return cmp.Or(r.EarliestDue(), time.Unix(1<<40, 0)) }

// Limit returns the time limit of the capture that is due first.
func (r row) Limit() time.Duration { return r.EarliestDue().Sub(r.First().Submitted) }

// Over returns how long before the list the time limit was reached; 0 if it was not.
func (r row) Over() time.Duration { return max(0, r.fetched.Sub(r.due())) }

// Overdue reports whether a capture is overdue. Samples block no others.
func (r row) Overdue() bool { return r.Type == "full" && r.Over() > tolerance }

// Percent returns how much of the time limit the capture that is due first has used.
func (r row) Percent() int64 {
	if r.Limit() <= 0 {
		return 100
	}
	return int64(min(100, max(0, 100*r.fetched.Sub(r.First().Submitted).Seconds()/r.Limit().Seconds())))
}
