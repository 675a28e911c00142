package config

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

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
	case len(c.Exclude) > 0 && !c.Discover:
		return at.wrap(errors.New("exclude applies to discovered accounts: set discover to true, or remove it"), "exclude")
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
		if key, err := checkCredential(c.Credentials[name]); err != nil {
			return at.wrap(fmt.Errorf("credential %s: %w", name, err), "credentials", name, key)
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

// checkCredential returns an error for a credential with which no request can succeed, and the
// key that is wrong.
func checkCredential(c config.HTTPClientConfig) (key string, err error) {
	switch {
	case c.BasicAuth != nil:
		return "basic_auth", errScheme
	case c.OAuth2 != nil:
		return "oauth2", errScheme
	case !isProxy(c.ProxyURL):
		return "proxy_url", errProxy
	case c.ProxyFromEnvironment && CheckProxyVariables() != nil:
		return "proxy_from_environment", CheckProxyVariables()
	case c.Authorization == nil && c.HTTPHeaders == nil:
		return "", errors.New("no token or key: set authorization or http_headers")
	case c.Authorization != nil && !strings.EqualFold(c.Authorization.Type, "Bearer"):
		return "authorization", errors.New("the type of authorization must be Bearer")
	case c.Authorization != nil && c.Authorization.CredentialsFile == "" && CheckToken(string(c.Authorization.Credentials)) != nil:
		return "authorization", CheckToken(string(c.Authorization.Credentials))
	}
	return "http_headers", checkHeaders(c.HTTPHeaders)
}

var errScheme = errors.New("the API accepts neither basic_auth nor oauth2: use authorization or http_headers")

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
	names := make(map[string]bool)
	for name, header := range headers.Headers {
		names[http.CanonicalHeaderKey(name)] = true
		if !headerName.MatchString(name) {
			return errors.New("a name in http_headers is empty or has characters that a header name cannot have")
		}
		if slices.ContainsFunc(header.Values, controlCodes.MatchString) ||
			slices.ContainsFunc(header.Secrets, func(s config.Secret) bool { return controlCodes.MatchString(string(s)) }) {
			return errors.New("a value in http_headers has a line break or another control character")
		}
	}
	if names["X-Auth-Email"] != names["X-Auth-Key"] {
		return errors.New("X-Auth-Email and X-Auth-Key authorize together only: set both in http_headers")
	}
	return nil
}
