package page

import (
	"cmp"
	"io"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
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

// View is the data of the page. Its strings are escaped.
type View struct {
	Version     string
	MetricsPath string
	Now         time.Time
	Credentials []ratelimit.Status
	Discovery   accounts.Health // of the last lookup of accounts
	Rejected    error           // why the last reload was rejected; nil if it was not

	// The fields below are set by Add and Write.
	Accounts        []account
	MoreAccounts    int // hidden
	MoreCredentials int // hidden
	ByState         map[string]int
	Scraped         time.Time      // last scrape of any account
	Statuses        map[string]int // captures of all accounts that are not down
	Captures        int            // of these accounts
	Unfinished      int
	Failed          int
}

// New returns a view without accounts and credentials.
func New(version, metricsPath string, now time.Time) *View {
	return &View{Version: version, MetricsPath: metricsPath, Now: now, ByState: make(map[string]int), Statuses: make(map[string]int)}
}

// Add adds an account.
func (v *View) Add(id, name string, s accounts.Status) {
	a := newAccount(id, name, s)
	v.Accounts = append(v.Accounts, a)
	v.ByState[a.State]++
	if s.LastScrape.After(v.Scraped) {
		v.Scraped = s.LastScrape
	}
	if a.State == down {
		return
	}
	for name, n := range a.Statuses {
		v.Statuses[name] += n
		v.Captures += n
		switch status := captures.StatusOf(name); {
		case status.Unfinished:
			v.Unfinished += n
		case status.Failed:
			v.Failed += n
		}
	}
}

// Write renders the page.
func (v *View) Write(w io.Writer) error {
	slices.SortStableFunc(v.Accounts, func(a, b account) int {
		return cmp.Compare(slices.Index(states, a.State), slices.Index(states, b.State))
	})
	v.Accounts, v.MoreAccounts = truncate(v.Accounts, maxAccounts)
	v.Credentials, v.MoreCredentials = truncate(v.Credentials, maxCredentials)
	return page.Execute(w, v)
}

// Up returns the number of accounts that are up, in any of the three states.
func (v *View) Up() int { return v.ByState[up] + v.ByState[failures] + v.ByState[overdue] }

// Idle reports whether the last scrape was long ago.
func (v *View) Idle() bool { return v.Now.Sub(v.Scraped) > idleAfter }

// truncate returns the first n elements, and the number of the rest.
func truncate[T any](all []T, n int) (shown []T, more int) {
	n = min(n, len(all))
	return all[:n], len(all) - n
}
