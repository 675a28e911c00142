// Package page renders the status page: what the exporter saw last, for a browser. It
// turns data into HTML and sends no requests.
package page

import "time"

// View is the data of the page. Its strings are escaped.
type View struct {
	Version     string
	MetricsPath string
	Now         time.Time
	Accounts    []Account // in the order of the configuration
	Credentials []Credential
}

// Account is one account.
type Account struct {
	ID, Name    string
	LastScrape  time.Time // zero before the first
	LastSuccess time.Time // zero before the first
	Reason      string    // why the last list request failed; "" if it did not
	Hint        string    // what to do about it
	Since       time.Time // when the list requests started to fail
	List        *List     // the last list; nil before the first
}

// List is a summary of one list of captures.
type List struct {
	Fetched      time.Time
	Statuses     []Count // captures by status
	Unfinished   []Unfinished
	Failures     []Failure
	Full         bool // the list may be truncated
	Unrecognized int  // undocumented values
}

// Count is a number of things with the same name.
type Count struct {
	Name string
	N    int
}

// Group is the key by which captures are summarized.
type Group struct {
	System, Type, Colo string
}

// Capture is one capture.
type Capture struct {
	ID                 string    // "" if unknown
	Submitted          time.Time // zero if unknown
	Packets, ByteLimit Number
}

// Number is an optional number.
type Number struct {
	Value int64
	Known bool
}

// Unfinished summarizes the unfinished captures of a group with the same status.
type Unfinished struct {
	Group
	Status   string
	Captures int
	First    Capture   // the capture that reaches its time limit first
	Due      time.Time // when it does; zero if unknown
}

// Failure summarizes the captures of a group that failed or have an error message.
type Failure struct {
	Group
	Failed  int
	Reasons []Count // captures with an error message, by reason
	Newest  Capture // the failed capture submitted last
}

// Credential is the rate-limit state of one credential.
type Credential struct {
	Name     string
	HoldOff  time.Time // no request is sent before; past or zero if one can be sent now
	Withheld uint64    // requests not sent
	Policies []Policy  // limits reported by the API
}

// Policy is one limit reported by the API. A number that is not reported is -1.
type Policy struct {
	Name             string
	Remaining, Quota int64
}
