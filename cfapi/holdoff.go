package cfapi

import "time"

// A HoldOffError says that a request was not sent, so as not to reach a rate
// limit, or not to reach it again.
type HoldOffError struct {
	Until time.Time // when the next request can go, if the limit is not used up by then

	why cause
}

// A cause is what holds a request off; by itself, the API.
type cause int

const (
	causeAPI  cause = iota // it has asked for none
	causeOurs              // Client.RateLimit
	causeRest              // the API allows more, but that is not for us
	causeTurn              // more can go, but not for this account
)

func (e *HoldOffError) Error() string {
	until := e.Until.UTC().Format(time.RFC3339)
	switch e.why {
	case causeOurs:
		return "no request is sent before " + until + ": our own limit for 5 minutes was reached"
	case causeRest:
		return "no request is sent before " + until + ": what is left of the API's rate limit is in use or kept for others"
	case causeTurn:
		return "the next turn is expected at " + until + ": requests are scarce, and accounts with older lists come first"
	}
	return "no request is sent before " + until + ": the API's rate limit was reached"
}
