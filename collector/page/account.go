package page

import (
	"cmp"
	"slices"
	"time"
)

// slack is for converting and storing what was captured. The alert for overdue
// captures waits as long.
const slack = 5 * time.Minute

type account struct {
	Account
	State        string
	Statuses     []segment
	Flights      []flight
	MoreFlights  int
	Failed       []failure
	MoreFailures int
	inFlight     int // captures
}

// flight is captures in flight, as of the list: what became of them since is
// not known.
type flight struct {
	InFlight
	Elapsed, Limit time.Duration
	Percent        int
	State          string // "", "past due" or "overdue"
	Used           []segment
}

type failure struct {
	Failure
	Unexplained int // failed without an error message
}

// newAccount returns an account without its tables, for many are only counted.
func newAccount(a Account) account {
	view := account{Account: a, State: up}
	late := false
	if a.List != nil {
		for _, f := range a.List.InFlight {
			view.inFlight += f.Captures
			late = late || f.lateness(a.List.Fetched) == overdue
		}
	}
	switch {
	case a.Reason != "":
		view.State = down
	case a.List == nil:
		view.State = waiting
	case late:
		view.State = overdue
	}
	return view
}

// fill makes the tables.
func (a *account) fill() {
	l := a.List
	if l == nil {
		return
	}
	a.Statuses = segments(l.Statuses)
	var flights []flight
	for _, f := range l.InFlight {
		flights = append(flights, newFlight(f, l.Fetched))
	}
	slices.SortFunc(flights, func(a, b flight) int {
		return cmp.Or(byTime(a.Due, b.Due), a.compare(b.Group), cmp.Compare(a.Status, b.Status))
	})
	a.Flights, a.MoreFlights = bounded(flights, maxRows)
	var failures []failure
	for _, f := range l.Failures {
		unexplained := f.Failed
		for _, reason := range f.Reasons {
			unexplained -= reason.N
		}
		failures = append(failures, failure{f, max(0, unexplained)})
	}
	slices.SortFunc(failures, func(a, b failure) int {
		return cmp.Or(b.Newest.Compare(a.Newest), a.compare(b.Group))
	})
	a.Failed, a.MoreFailures = bounded(failures, maxRows)
}

func newFlight(f InFlight, listed time.Time) flight {
	row := flight{InFlight: f, State: f.lateness(listed)}
	if f.Due.IsZero() {
		return row
	}
	row.Elapsed, row.Limit = max(0, listed.Sub(f.Submitted)), f.Due.Sub(f.Submitted)
	if row.Limit > 0 {
		row.Percent = int(min(999, 100*row.Elapsed.Seconds()/row.Limit.Seconds()))
	} else {
		row.Percent = 100
	}
	row.Used = filled("used", int64(min(100, row.Percent)), 100)
	return row
}

// lateness is the state of a flight. A capture is converted after its time is up.
func (f *InFlight) lateness(listed time.Time) string {
	past := listed.Sub(f.Due)
	switch {
	case f.Due.IsZero():
		return ""
	case past > slack:
		return overdue
	case past > 0 && (f.Status == "pending" || f.Status == "running"):
		return "past due"
	}
	return ""
}

// compare sorts groups by what is shown first.
func (g Group) compare(h Group) int {
	return cmp.Or(cmp.Compare(g.Colo, h.Colo), cmp.Compare(g.Type, h.Type), cmp.Compare(g.System, h.System))
}

// byTime puts what has no time last.
func byTime(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		return b.Compare(a)
	}
	return a.Compare(b)
}
