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
	maxRows        = 20 // of a table, and undocumented statuses of all accounts
)

// idle is how long nobody scrapes before the page says so. It is longer than the
// usual scrape intervals.
const idle = 5 * time.Minute

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
	m := &model{View: v, Refresh: refresh, Style: style, Drawn: clock(v.Now), ByState: make(map[string]int)}
	all := make([]account, 0, len(v.Accounts))
	total := make(map[string]int)
	for _, a := range v.Accounts {
		account := newAccount(a)
		m.ByState[account.State]++
		if a.LastScrape.After(m.Scraped) {
			m.Scraped = a.LastScrape
		}
		if a.List != nil && a.Reason == "" {
			m.InFlight += account.inFlight
			for _, c := range a.List.Statuses {
				total[c.Name] += c.N
			}
		}
		all = append(all, account)
	}
	m.Statuses = segments(tally(total))
	m.Idle = !m.Scraped.IsZero() && v.Now.Sub(m.Scraped) > idle
	slices.SortStableFunc(all, func(a, b account) int {
		return cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State))
	})
	m.Shown, m.Hidden = bounded(all, maxAccounts)
	for i := range m.Shown {
		m.Shown[i].fill()
	}
	m.HidesBad = m.Hidden > m.ByState[up]
	credentials, unshown := bounded(v.Credentials, maxCredentials)
	m.Unshown = unshown
	for _, c := range credentials {
		m.Budgets = append(m.Budgets, newBudget(c, v.Now))
	}
	return m
}

func newBudget(c Credential, now time.Time) budget {
	b := budget{Credential: c, Held: c.HoldOff.After(now)}
	for _, p := range c.Policies {
		b.Policies = append(b.Policies, policy{p, filled("left", p.Remaining, p.Quota)})
	}
	return b
}

// bounded returns the first n, and how many that leaves out.
func bounded[T any](all []T, n int) (shown []T, more int) {
	n = min(n, len(all))
	return all[:n], len(all) - n
}
