package cfapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// A Token is the state of an API token. A field that the API leaves out has its
// zero value.
type Token struct {
	Status    string    // "active", "disabled", "expired" or an undocumented one
	ExpiresOn time.Time // zero if it never expires
}

// Token returns the state of the client's token. Only the endpoint of an
// account verifies a token that the account owns. For a user's token, Token sends a second
// request, to the user endpoint.
func (c *Client) Token(ctx context.Context, account string) (Token, error) {
	token, err := c.verify(ctx, "/accounts/"+account+"/tokens/verify")
	// The account may have refused because it does not own the token. A 429 does not mean that.
	refused, ok := errors.AsType[*Error](err)
	if ok && refused.StatusCode/100 == 4 && refused.StatusCode != http.StatusTooManyRequests {
		token, err = c.verify(ctx, "/user/tokens/verify")
	}
	if err != nil {
		return Token{}, fmt.Errorf("verifying the token: %w", err)
	}
	return token, nil
}

func (c *Client) verify(ctx context.Context, target string) (Token, error) {
	var got response[object[struct {
		Status    text      `json:"status"`
		ExpiresOn timestamp `json:"expires_on"`
	}]]
	err := c.get(ctx, target, ratelimit.Request{LowPriority: true}, got.decode)
	token := got.Result.Value
	if token.ExpiresOn.unreadable { // without a time, the token would seem to never expire
		err = fmt.Errorf("%w: expires_on is not a time", errDecode)
	}
	return Token{Status: token.Status.clip(), ExpiresOn: token.ExpiresOn.Time}, err
}
