package cfapitest

import (
	"cmp"
	"net/http"
	"time"
)

// Verification is what the API tells of its token. Its zero value is a user's
// token, which is active and never expires.
type Verification struct {
	Account   string    // id of the account that owns the token; "" is a user's token
	Status    string    // "active", also if "", "disabled" or "expired"
	ExpiresOn time.Time // not shown if zero
}

// verifyFor verifies the token for the account that owns it, or for its user if
// the account is "". To all others the token is of no worth.
func (a *API) verifyFor(account string) func(time.Time, *http.Request) answer {
	return func(_ time.Time, r *http.Request) answer {
		if account != a.Verify.Account {
			return refusal(http.StatusUnauthorized, r.URL.Path)
		}
		result := map[string]string{"id": "ed17574386854bf78a67040be0a770b0", "status": cmp.Or(a.Verify.Status, "active")}
		if !a.Verify.ExpiresOn.IsZero() {
			result["expires_on"] = a.Verify.ExpiresOn.UTC().Format(time.RFC3339)
		}
		return jsonAnswer(http.StatusOK, encode(envelope{Result: result, Success: true}))
	}
}
