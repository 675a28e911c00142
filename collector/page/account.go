package page

import (
	"cmp"
	"slices"
	"time"

	"cloudflare_pcap_exporter/collector/captures"
)

// tolerance is the time after its time limit at which a full capture is overdue: conversion
// and storage take time. The alert for overdue captures uses the same value.
const tolerance = 5 * time.Minute

// accountCard is the part of the page about one account.
type accountCard struct {
	Account
	State          string
	Statuses       []segment
	Unfinished     []row
	MoreUnfinished int
	Failed         []row
	MoreFailures   int
	Unrecognized   int // undocumented values

	statuses   map[string]int
	unfinished int // captures
	failed     int // captures
}

// row summarizes the captures of a group with the same status.
type row struct {
	captures.Group
	*captures.Stats
	Status string
	Errors map[string]int // of the group, by reason

	fetched time.Time
}

// newAccountCard returns a card with unordered tables, because most accounts of a large
// configuration are only counted.
func newAccountCard(a Account) accountCard {
	card := accountCard{Account: a, State: up, statuses: make(map[string]int)}
	if a.List != nil {
		card.addList(a.List)
	}
	switch {
	case a.Reason != "":
		card.State = down
	case a.List == nil:
		card.State = waiting
	case slices.ContainsFunc(card.Unfinished, row.Overdue):
		card.State = overdue
	case card.failed > 0:
		card.State = failures
	}
	return card
}

func (c *accountCard) addList(l *captures.Snapshot) {
	for _, n := range l.Unrecognized {
		c.Unrecognized += n
	}
	for group, totals := range l.Groups {
		for status, stats := range totals.ByStatus {
			c.statuses[status] += stats.Captures
			r := row{group, stats, status, totals.Errors, l.Fetched}
			switch s := captures.StatusOf(status); {
			case s.Unfinished:
				c.unfinished += stats.Captures
				c.Unfinished = append(c.Unfinished, r)
			case s.Failed:
				c.failed += stats.Captures
				c.Failed = append(c.Failed, r)
			}
		}
	}
}

// fill orders the tables and truncates them.
func (c *accountCard) fill() {
	c.Statuses = segments(c.statuses)
	slices.SortFunc(c.Unfinished, func(a, b row) int {
		return cmp.Or(compareTimes(a.EarliestDue(), b.EarliestDue()), a.compare(b), cmp.Compare(a.Status, b.Status))
	})
	c.Unfinished, c.MoreUnfinished = truncate(c.Unfinished, maxRows)
	slices.SortFunc(c.Failed, func(a, b row) int {
		return cmp.Or(b.Newest.Submitted.Compare(a.Newest.Submitted), a.compare(b))
	})
	c.Failed, c.MoreFailures = truncate(c.Failed, maxRows)
}

// Limit returns the time limit of the capture that is due first.
func (r row) Limit() time.Duration { return r.EarliestDue().Sub(r.First().Submitted) }

// Over returns how long before the list the time limit was reached; 0 if it was not.
func (r row) Over() time.Duration {
	if r.FirstDue == nil {
		return 0
	}
	return max(0, r.fetched.Sub(r.EarliestDue()))
}

// Percent returns how much of the time limit the capture that is due first has used.
func (r row) Percent() int {
	if r.Limit() <= 0 {
		return 100
	}
	return int(min(100, max(0, 100*r.fetched.Sub(r.First().Submitted).Seconds()/r.Limit().Seconds())))
}

// Used returns a bar for Percent.
func (r row) Used() []segment { return progressBar("used", int64(r.Percent()), 100) }

// Overdue reports whether a capture is overdue. Samples block no others.
func (r row) Overdue() bool {
	return r.Type == "full" && r.Over() > tolerance
}

// Tolerance returns the time over its limit after which a capture is overdue; 0 if it never is.
func (r row) Tolerance() time.Duration {
	if r.Type == "full" {
		return tolerance
	}
	return 0
}

// compare orders groups by colo, type and system.
func (r row) compare(s row) int {
	return cmp.Or(cmp.Compare(r.Colo, s.Colo), cmp.Compare(r.Type, s.Type), cmp.Compare(r.System, s.System))
}

// compareTimes orders times, the zero time last.
func compareTimes(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		return b.Compare(a)
	}
	return a.Compare(b)
}
