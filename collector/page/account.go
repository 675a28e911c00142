package page

import (
	"cmp"
	"slices"
	"time"
)

// tolerance is the time after its time limit at which a full capture is overdue: conversion
// and storage take time. The alert for overdue captures uses the same value.
const tolerance = 5 * time.Minute

// accountCard is the part of the page about one account.
type accountCard struct {
	Account
	State          string
	Statuses       []segment
	Unfinished     []unfinishedRow
	MoreUnfinished int
	Failed         []failureRow
	MoreFailures   int
	unfinished     int // captures
}

type unfinishedRow struct {
	Unfinished
	Elapsed, Limit time.Duration
	Percent        int
	Overdue        bool
	Used           []segment
}

type failureRow struct {
	Failure
	Unexplained int // failed captures without an error message
}

// newAccountCard returns a card without its tables, because most accounts of a large
// configuration are only counted.
func newAccountCard(a Account) accountCard {
	card := accountCard{Account: a, State: up}
	late := false
	if a.List != nil {
		for _, u := range a.List.Unfinished {
			card.unfinished += u.Captures
			late = late || u.overdue(a.List.Fetched)
		}
	}
	switch {
	case a.Reason != "":
		card.State = down
	case a.List == nil:
		card.State = waiting
	case late:
		card.State = overdue
	}
	return card
}

// fill adds the tables.
func (c *accountCard) fill() {
	l := c.List
	if l == nil {
		return
	}
	c.Statuses = segments(l.Statuses)
	var unfinished []unfinishedRow
	for _, u := range l.Unfinished {
		unfinished = append(unfinished, newUnfinishedRow(u, l.Fetched))
	}
	slices.SortFunc(unfinished, func(a, b unfinishedRow) int {
		return cmp.Or(compareTimes(a.Due, b.Due), a.compare(b.Group), cmp.Compare(a.Status, b.Status))
	})
	c.Unfinished, c.MoreUnfinished = truncate(unfinished, maxRows)
	var failures []failureRow
	for _, f := range l.Failures {
		unexplained := f.Failed
		for _, reason := range f.Reasons {
			unexplained -= reason.N
		}
		failures = append(failures, failureRow{f, max(0, unexplained)})
	}
	slices.SortFunc(failures, func(a, b failureRow) int {
		return cmp.Or(b.Newest.Submitted.Compare(a.Newest.Submitted), a.compare(b.Group))
	})
	c.Failed, c.MoreFailures = truncate(failures, maxRows)
}

func newUnfinishedRow(u Unfinished, fetched time.Time) unfinishedRow {
	row := unfinishedRow{Unfinished: u, Overdue: u.overdue(fetched)}
	if u.Due.IsZero() {
		return row
	}
	row.Elapsed, row.Limit = max(0, fetched.Sub(u.First.Submitted)), u.Due.Sub(u.First.Submitted)
	if row.Limit > 0 {
		row.Percent = int(min(999, 100*row.Elapsed.Seconds()/row.Limit.Seconds()))
	} else {
		row.Percent = 100
	}
	row.Used = progressBar("used", int64(min(100, row.Percent)), 100)
	return row
}

// overdue reports whether a capture is overdue. Sampled captures block no others.
func (u *Unfinished) overdue(fetched time.Time) bool {
	return u.Type == "full" && !u.Due.IsZero() && fetched.Sub(u.Due) > tolerance
}

// compare orders groups by colo, type and system.
func (g Group) compare(h Group) int {
	return cmp.Or(cmp.Compare(g.Colo, h.Colo), cmp.Compare(g.Type, h.Type), cmp.Compare(g.System, h.System))
}

// compareTimes orders times, the zero time last.
func compareTimes(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		return b.Compare(a)
	}
	return a.Compare(b)
}
