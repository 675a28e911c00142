// Package page renders the status page: what the exporter saw last, for a browser. It
// turns data into HTML and sends no requests.
package page

import (
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector/captures"
)

// View is the data of the page. Its strings are escaped.
type View struct {
	Version     string
	MetricsPath string
	Now         time.Time
	Accounts    []Account // in the order of the configuration
	Credentials []Credential
	Discovery   Failure // of the last lookup of accounts
	Rejected    string  // why the last reload was rejected; "" if it was not
}

// Failure describes why requests fail. Its zero value is success.
type Failure struct {
	Reason string
	Hint   string // what to do about it
	Err    string
	Since  time.Time
}

// Account is an account and the result of its last scrape.
type Account struct {
	ID, Name    string
	LastScrape  time.Time          // zero before the first
	LastSuccess time.Time          // zero before the first
	List        *captures.Snapshot // the last list; nil before the first
	Failure                        // of the last list request
}

// Credential is a credential and its rate limit.
type Credential struct {
	Name string
	ratelimit.Status
}
