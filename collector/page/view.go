// Package page makes the status page: of what the exporter last saw, for a
// person with a browser. It is data in, HTML out; it asks nobody for anything.
package page

import "time"

// View is what the page shows. Text in it may be anybody's: it is escaped.
type View struct {
	Version     string
	MetricsPath string
	Now         time.Time
	Accounts    []Account // in the order of the configuration
	Credentials []Credential
}

// Account is one account. Its times are zero if there was none yet.
type Account struct {
	ID, Name    string
	LastScrape  time.Time
	LastSuccess time.Time
	Reason      string    // why the last listing failed; "" if it did not
	Hint        string    // what to do about that
	Since       time.Time // when it began to fail
	List        *List     // the last good one; nil if there was none yet
}

// List is one list of captures, added up.
type List struct {
	Fetched      time.Time
	Statuses     []Count // how many captures there are of each
	InFlight     []InFlight
	Failures     []Failure
	Full         bool // it may be short
	Unrecognized int  // undocumented values
}

// Count is how many there are of something.
type Count struct {
	Name string
	N    int
}

// Group is what captures have in common.
type Group struct {
	System, Type, Colo string
}

// InFlight is the unfinished captures of a group and status. The times are those
// of the capture that is due first, zero if the API does not say.
type InFlight struct {
	Group
	Status         string
	Captures       int
	Submitted, Due time.Time
}

// Failure is the captures of a group that failed, or carry an error message.
type Failure struct {
	Group
	Failed  int
	Reasons []Count   // captures with an error message, by its kind
	Newest  time.Time // when the newest that failed was submitted; zero if the API does not say
}

// Credential is what is known of the budget for one credential.
type Credential struct {
	Name     string
	HoldOff  time.Time // no request is sent before; past or zero if one can be
	Withheld uint64    // requests not sent
	Policies []Policy  // the API's limits
}

// Policy is one limit of the API's. What it has not said is -1.
type Policy struct {
	Name             string
	Remaining, Quota int64
}
