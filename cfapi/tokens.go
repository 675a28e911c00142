package cfapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// EndpointVerify is the name of the verification of a token in a Request.
const EndpointVerify = "verify"

// A Token is what the API says of the token that asked. Any field may be absent,
// and then holds its zero value.
type Token struct {
	Status    string    // "active", "disabled" or "expired"; expect others
	ExpiresOn time.Time // zero if it never expires
}

// Token asks about the token that the Client uses. The account is one that it is
// used for: a token that an account owns is known there, and only there; for a
// user's token a second request follows.
func (c *Client) Token(ctx context.Context, account string) (Token, error) {
	token, err := c.verify(ctx, "/accounts/"+account+"/tokens/verify")
	if isUnknownHere(err) {
		token, err = c.verify(ctx, "/user/tokens/verify")
	}
	if err != nil {
		return Token{}, fmt.Errorf("verifying the token: %w", err)
	}
	return token, nil
}

// isUnknownHere tells whether the refusal may be due to where the token was
// asked about. A 429 is not: it asks for a pause.
func isUnknownHere(err error) bool {
	refused, ok := errors.AsType[*Error](err)
	return ok && refused.StatusCode >= http.StatusBadRequest && refused.StatusCode < http.StatusInternalServerError &&
		refused.StatusCode != http.StatusTooManyRequests
}

func (c *Client) verify(ctx context.Context, path string) (token Token, err error) {
	err = c.get(ctx, call{endpoint: EndpointVerify, path: path, yields: true}, func(body io.Reader) error {
		d := newDecoder(body)
		_, err := d.envelopeOf('{', func() error {
			token = Token{} // of a name that occurs twice, the last counts
			return d.object(func(name []byte) error {
				switch string(name) {
				case "status":
					return d.label(&token.Status)
				case "expires_on":
					return d.time(&token.ExpiresOn)
				}
				return d.SkipValue()
			})
		})
		return err
	})
	return token, err
}
