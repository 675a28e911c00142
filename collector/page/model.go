package page

import (
	"cmp"
	"html/template"
	"slices"
	"time"
)

// Limits on the size of the page. The page shows how much it omits.
const (
	maxAccounts    = 100
	maxCredentials = 100
	maxRows        = 20 // rows of a table; undocumented statuses
)

// idleAfter is the time without a scrape after which the page shows a notice. It
// exceeds the usual scrape intervals.
const idleAfter = 5 * time.Minute

// States of an account, the most urgent first.
const (
	down     = "down"
	overdue  = "overdue"  // up, with an overdue capture
	failures = "failures" // up, with failed captures
	waiting  = "waiting"  // for its first scrape
	up       = "up"
)

var states = []string{down, overdue, failures, waiting, up}

// model is the data of the template.
type model struct {
	*View
	Refresh    int // seconds
	Style      template.CSS
	Drawn      string
	Scraped    time.Time // last scrape of any account
	Idle       bool
	ByState    map[string]int
	Up         int       // accounts, in whichever of the three states
	Statuses   []segment // of all accounts that are not down
	Captures   int       // of these
	Unfinished int
	Failed     int
	Shown      []accountCard
	Hidden     int
	HidesBad   bool // some of the hidden accounts are not up
	Unshown    int  // hidden credentials
}

func newModel(v *View) *model {
	m := &model{View: v, Refresh: refresh, Style: style, Drawn: clock(v.Now), ByState: make(map[string]int)}
	all := make([]accountCard, 0, len(v.Accounts))
	total := make(map[string]int)
	for _, a := range v.Accounts {
		card := newAccountCard(a)
		m.ByState[card.State]++
		if a.LastScrape.After(m.Scraped) {
			m.Scraped = a.LastScrape
		}
		if a.Reason == "" {
			m.Unfinished += card.unfinished
			m.Failed += card.failed
			for status, n := range card.statuses {
				total[status] += n
				m.Captures += n
			}
		}
		all = append(all, card)
	}
	m.Statuses = segments(total)
	m.Idle = !m.Scraped.IsZero() && v.Now.Sub(m.Scraped) > idleAfter
	slices.SortStableFunc(all, func(a, b accountCard) int {
		return cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State))
	})
	m.Shown, m.Hidden = truncate(all, maxAccounts)
	for i := range m.Shown {
		m.Shown[i].fill()
	}
	m.Up = m.ByState[up] + m.ByState[failures] + m.ByState[overdue]
	m.HidesBad = m.Hidden > m.ByState[up]
	m.Credentials, m.Unshown = truncate(v.Credentials, maxCredentials)
	return m
}

// truncate returns the first n elements, and the number of the others.
func truncate[T any](all []T, n int) (shown []T, more int) {
	n = min(n, len(all))
	return all[:n], len(all) - n
}
