package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/prometheus/common/config"

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
		if key, err := c.checkAccount(a, seen); err != nil {
			return at.wrap(err, "accounts", strconv.Itoa(i), key)
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

// checkAccount returns an error and the key that is wrong.
func (c *Config) checkAccount(a *Account, seen map[string]bool) (key string, err error) {
	_, known := c.Credentials[a.Credential]
	switch {
	case !cfapi.IsAccountID(a.ID):
		return "id", ErrInvalidID
	case seen[a.ID]:
		return "id", errors.New("duplicate account id")
	case seen[a.Name]:
		return "name", errors.New("duplicate account name")
	case cfapi.IsAccountID(a.Name):
		return "name", errors.New("the account name looks like an account id: use another name")
	case !known:
		return "credential", errors.New("unknown credential: add it to credentials")
	}
	return "", nil
}

// ErrInvalidID is the error for a malformed account id. It does not quote the id, which may
// be a token in the wrong place.
var ErrInvalidID = errors.New("an account id must have 32 lower-case hex digits")

// checkCredential returns an error for a credential with which no request can succeed.
func checkCredential(c config.HTTPClientConfig) error {
	switch {
	case c.BasicAuth != nil || c.OAuth2 != nil:
		return errors.New("the API accepts neither basic_auth nor oauth2: use authorization or http_headers")
	case !isProxy(c.ProxyURL):
		return errProxy
	case c.ProxyFromEnvironment && CheckProxyVariables() != nil:
		return CheckProxyVariables()
	case c.Authorization == nil && c.HTTPHeaders == nil:
		return errors.New("no token or key: set authorization or http_headers")
	case c.Authorization != nil && !headerName.MatchString(c.Authorization.Type):
		return errors.New("the type of authorization must be one word, such as Bearer")
	case c.Authorization != nil && c.Authorization.CredentialsFile == "":
		return cmp.Or(CheckToken(string(c.Authorization.Credentials)), checkHeaders(c.HTTPHeaders))
	}
	return checkHeaders(c.HTTPHeaders)
}

var errProxy = errors.New("proxy_url must have the form http://HOST:PORT")

// isProxy reports whether a proxy URL is empty, or has a scheme and a host. Libraries would
// report the error for each request.
func isProxy(url config.URL) bool {
	return url.URL == nil || url.String() == "" ||
		slices.Contains([]string{"http", "https", "socks5", "socks5h"}, url.Scheme) && url.Host != ""
}

var (
	headerName   = regexp.MustCompile("^[\\w!#$%&'*+.^`|~-]+$") // RFC 9110, 5.6.2
	controlCodes = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)
)

// checkHeaders returns an error if no request could be sent with the headers.
func checkHeaders(headers *config.Headers) error {
	if headers == nil {
		return nil
	}
	for name, header := range headers.Headers {
		if !headerName.MatchString(name) {
			return errors.New("a name in http_headers is empty or has characters that a header name cannot have")
		}
		if slices.ContainsFunc(header.Values, controlCodes.MatchString) ||
			slices.ContainsFunc(header.Secrets, func(s config.Secret) bool { return controlCodes.MatchString(string(s)) }) {
			return errors.New("a value in http_headers has a line break or another control character")
		}
	}
	return nil
}
