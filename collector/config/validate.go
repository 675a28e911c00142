package config

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/prometheus/common/config"
	"golang.org/x/net/http/httpguts"

	"cloudflare_pcap_exporter/cfapi"
)

func (c *Config) validate(at lines) error {
	_, hasDefault := c.Credentials[DefaultCredential]
	switch {
	case len(c.Accounts) == 0 && !c.Discover:
		return errors.New("no account: add one to accounts, or set discover to true")
	case c.Discover && !hasDefault:
		return at.wrap(errors.New("discover requires a credential named \"default\""), "discover")
	}
	seen := make(map[string]bool) // ids and names
	for i := range c.Accounts {
		a := &c.Accounts[i]
		if a.Credential == "" {
			a.Credential = DefaultCredential
		}
		if err := c.checkAccount(a, seen); err != nil {
			return at.wrap(err, "accounts", strconv.Itoa(i))
		}
		seen[a.ID] = true
		seen[a.Name] = a.Name != ""
	}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		if err := checkCredential(c.Credentials[name]); err != nil {
			return at.wrap(fmt.Errorf("credential %s: %w", name, err), "credentials", name)
		}
	}
	return nil
}

func (c *Config) checkAccount(a *Account, seen map[string]bool) error {
	_, known := c.Credentials[a.Credential]
	switch {
	case !cfapi.IsAccountID(a.ID):
		return ErrInvalidID
	case seen[a.ID]:
		return errors.New("duplicate account id")
	case seen[a.Name]:
		return errors.New("duplicate account name")
	case cfapi.IsAccountID(a.Name):
		return errors.New("the account name looks like an account id: use another name")
	case !known:
		return errors.New("unknown credential: add it to credentials")
	}
	return nil
}

// ErrInvalidID is the error for a malformed account id. It does not quote the id, which may
// be a token in the wrong place.
var ErrInvalidID = errors.New("an account id must have 32 lower-case hex digits")

// checkCredential rejects what the API does not accept.
func checkCredential(c config.HTTPClientConfig) error {
	switch {
	case c.BasicAuth != nil || c.OAuth2 != nil:
		return errors.New("the API accepts neither basic_auth nor oauth2: use authorization or http_headers")
	case checkProxy(c.ProxyURL) != nil:
		return checkProxy(c.ProxyURL)
	case c.Authorization == nil && c.HTTPHeaders == nil:
		return errors.New("no token or key: set authorization or http_headers")
	case checkHeaders(c) != nil:
		return checkHeaders(c)
	case c.Authorization != nil && c.Authorization.CredentialsFile == "":
		return CheckToken(string(c.Authorization.Credentials))
	}
	return nil
}

// checkHeaders returns an error if no request could be sent with the headers.
func checkHeaders(c config.HTTPClientConfig) error {
	if c.Authorization != nil && !httpguts.ValidHeaderFieldName(c.Authorization.Type) {
		return errors.New("the type of authorization must be one word, such as Bearer")
	}
	if c.HTTPHeaders == nil {
		return nil
	}
	for name, header := range c.HTTPHeaders.Headers {
		if !httpguts.ValidHeaderFieldName(name) {
			return errors.New("a name in http_headers is empty or has characters that a header name cannot have")
		}
		invalid := func(value string) bool { return !httpguts.ValidHeaderFieldValue(value) }
		if slices.ContainsFunc(header.Values, invalid) || slices.ContainsFunc(header.Secrets, func(s config.Secret) bool { return invalid(string(s)) }) {
			return errors.New("a value in http_headers has a line break or another control character")
		}
	}
	return nil
}
