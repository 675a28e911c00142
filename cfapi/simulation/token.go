package simulation

import (
	"cmp"
	"net/http"
	"time"
)

// Verification is the state of the token. Its zero value is a user's active token that
// never expires.
type Verification struct {
	Account   string    // id of the account that owns the token; "" if a user owns it
	Status    string    // "disabled", "expired", or "active" if ""
	ExpiresOn time.Time // absent if zero
}

// verifyFor returns the handler that verifies the token for an account, or for a user if
// account is "". Only the owner of the token gets its state.
func (a *API) verifyFor(account string) func(time.Time, *http.Request) response {
	return func(_ time.Time, r *http.Request) response {
		if account != a.Verify.Account {
			return refusal(http.StatusUnauthorized, r.URL.Path)
		}
		result := map[string]string{"id": "ed17574386854bf78a67040be0a770b0", "status": cmp.Or(a.Verify.Status, "active")}
		if !a.Verify.ExpiresOn.IsZero() {
			result["expires_on"] = a.Verify.ExpiresOn.UTC().Format(time.RFC3339)
		}
		return jsonResponse(http.StatusOK, encode(envelope{Result: result, Success: true}))
	}
}
