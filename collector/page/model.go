package page

import (
	"cmp"
	"html/template"
	"slices"
	"time"
)

// What is shown is bounded, and the page says how much it leaves out.
const (
	maxAccounts    = 100
	maxCredentials = 100
	maxRows        = 20 // of a table of one account
)

const (
	// slack is for converting and storing what was captured. The alert for
	// overdue captures waits as long.
	slack = 5 * time.Minute
	// idle is how long nobody scrapes before the page says so. It is longer than
	// the usual scrape intervals.
	idle = 5 * time.Minute
)

// States of an account, the most urgent first.
const (
	down    = "down"
	overdue = "overdue"
	waiting = "waiting" // for its first scrape
	up      = "up"
)

var states = []string{down, overdue, waiting, up}

// model is what the template shows of a view.
type model struct {
	*View
	Refresh  int // seconds
	Style    template.CSS
	Drawn    string
	Scraped  time.Time // last, whichever account
	Idle     bool
	ByState  map[string]int
	Statuses []segment // of all accounts but those that are down
	InFlight int       // of the same
	Shown    []account
	Hidden   int
	HidesBad bool // some hidden accounts are not up
	Budgets  []budget
	Unshown  int // credentials
}

type account struct {
	Account
	State        string
	Statuses     []segment
	Flights      []flight
	MoreFlights  int
	Failed       []failure
	MoreFailures int
	overdue      bool
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

type budget struct {
	Credential
	Held     bool
	Policies []policy
}

type policy struct {
	Policy
	Left []segment
}

func newModel(v *View) *model {
	m := &model{View: v, Refresh: refresh, Style: style, Drawn: Clock(v.Now), ByState: make(map[string]int)}
	all := make([]account, 0, len(v.Accounts))
	var total []Count
	for _, a := range v.Accounts {
		account := newAccount(a)
		m.ByState[account.State]++
		if a.LastScrape.After(m.Scraped) {
			m.Scraped = a.LastScrape
		}
		if a.List != nil && a.Reason == "" {
			m.InFlight += account.inFlight
			total = add(total, a.List.Statuses)
		}
		all = append(all, account)
	}
	m.Statuses = segments(total)
	m.Idle = !m.Scraped.IsZero() && v.Now.Sub(m.Scraped) > idle
	slices.SortStableFunc(all, func(a, b account) int {
		return cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State))
	})
	m.Shown, m.Hidden = bounded(all, maxAccounts)
	m.HidesBad = m.Hidden > m.ByState[up]
	credentials, unshown := bounded(v.Credentials, maxCredentials)
	m.Unshown = unshown
	for _, c := range credentials {
		m.Budgets = append(m.Budgets, newBudget(c, v.Now))
	}
	return m
}

func newAccount(a Account) account {
	view := account{Account: a, State: up}
	if a.List != nil {
		view.take(a.List)
	}
	switch {
	case a.Reason != "":
		view.State = down
	case a.List == nil:
		view.State = waiting
	case view.overdue:
		view.State = overdue
	}
	return view
}

func (a *account) take(l *List) {
	a.Statuses = segments(l.Statuses)
	var flights []flight
	for _, f := range l.InFlight {
		flight := newFlight(f, l.Fetched)
		if flight.State == overdue {
			a.overdue = true
		}
		a.inFlight += f.Captures
		flights = append(flights, flight)
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
	row := flight{InFlight: f}
	if f.Due.IsZero() {
		return row
	}
	row.Elapsed, row.Limit = max(0, listed.Sub(f.Submitted)), f.Due.Sub(f.Submitted)
	if row.Limit > 0 {
		row.Percent = int(min(999, 100*row.Elapsed.Seconds()/row.Limit.Seconds()))
	} else {
		row.Percent = 100
	}
	// A capture is converted after its time is up.
	switch past := listed.Sub(f.Due); {
	case past > slack:
		row.State = overdue
	case past > 0 && (f.Status == "pending" || f.Status == "running"):
		row.State = "past due"
	}
	row.Used = filled("used", int64(min(100, row.Percent)), 100)
	return row
}

func newBudget(c Credential, now time.Time) budget {
	b := budget{Credential: c, Held: c.HoldOff.After(now)}
	for _, p := range c.Policies {
		b.Policies = append(b.Policies, policy{p, filled("left", p.Remaining, p.Quota)})
	}
	return b
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

// bounded returns the first n, and how many that leaves out.
func bounded[T any](all []T, n int) (shown []T, more int) {
	n = min(n, len(all))
	return all[:n], len(all) - n
}
