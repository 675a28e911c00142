package ratelimit

import "time"

// The causes of a HoldOffError.
const (
	CauseRateLimit = "rate_limit" // Limiter.Limit is reached
	CauseReserve   = "reserve"    // the rest is in use or reserved for other clients
	CauseFairness  = "fairness"   // the rest is for other accounts
	CauseHoldOff   = "holdoff"    // the API's rate limit is reached
	CauseRefused   = "refused"    // the API refused the secret several times in a row
)

// Causes returns every cause.
func Causes() []string {
	return []string{CauseRateLimit, CauseReserve, CauseFairness, CauseHoldOff, CauseRefused}
}

// A HoldOffError reports that a request was not sent.
type HoldOffError struct {
	Until time.Time // when a request can be sent, unless others are sent before
	Cause string
}

func (e *HoldOffError) Error() string {
	return "held off until " + e.Until.UTC().Format(time.RFC3339) + ": " + map[string]string{
		CauseRateLimit: "the configured limit of requests in 5 minutes is reached",
		CauseReserve:   "the rest of the API's rate limit is in use or reserved for other clients",
		CauseFairness:  "few requests are available, and other accounts have waited longer",
		CauseHoldOff:   "the API's rate limit is reached",
		CauseRefused:   "the API refused the credential several times in a row",
	}[e.Cause]
}
