package config

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
)

// Validate returns an error for the first account or credential that cannot work. Accounts
// without a credential get the default one.
func (c *Config) Validate() error {
	_, hasDefault := c.Credentials[DefaultCredential]
	switch {
	case len(c.Accounts) == 0 && !c.Discover:
		return errors.New("no account: add one to accounts, or set discover to true")
	case c.Discover && !hasDefault:
		return errors.New(`discover requires a credential named "default"`)
	case len(c.Exclude) > 0 && !c.Discover:
		return errors.New("exclude applies to discovered accounts: set discover to true, or remove it")
	}
	seen := make(map[string]bool) // ids and names
	for i := range c.Accounts {
		a := &c.Accounts[i]
		a.Credential = cmp.Or(a.Credential, DefaultCredential)
		if !cfapi.IsAccountID(a.ID) { // it is not quoted, because it may be a token
			return fmt.Errorf("account %d of %d: the id must have 32 lower-case hex digits", i+1, len(c.Accounts))
		}
		if err := c.checkAccount(a, seen); err != nil {
			return fmt.Errorf("account %s: %w", a.ID, err)
		}
		seen[a.ID] = true
		seen[a.Name] = a.Name != ""
	}
	for _, name := range slices.Sorted(maps.Keys(c.Credentials)) {
		if err := checkCredential(c.Credentials[name]); err != nil {
			return fmt.Errorf("credential %s: %w", name, err)
		}
	}
	return nil
}

func (c *Config) checkAccount(a *Account, seen map[string]bool) error {
	_, known := c.Credentials[a.Credential]
	switch {
	case seen[a.ID]:
		return errors.New("duplicate id")
	case seen[a.Name]:
		return errors.New("duplicate name")
	case cfapi.IsAccountID(a.Name):
		return errors.New("the name looks like an account id: use another name")
	case !known:
		return errors.New(`unknown credential: add it to credentials (an account without one uses "default")`)
	}
	return nil
}

// checkCredential returns an error for a credential with which no request can succeed.
func checkCredential(c promconfig.HTTPClientConfig) error {
	switch {
	case c.BasicAuth != nil || c.OAuth2 != nil:
		return errors.New("the API accepts neither basic_auth nor oauth2: use authorization or http_headers")
	case c.ProxyURL.URL != nil && c.ProxyURL.String() != "" && !isProxy(c.ProxyURL.URL):
		return errProxy
	case c.ProxyFromEnvironment && CheckProxyVariables() != nil:
		return CheckProxyVariables()
	case c.Authorization == nil && c.HTTPHeaders == nil:
		return errors.New("no token or key: set authorization or http_headers")
	case c.Authorization != nil && !strings.EqualFold(c.Authorization.Type, "Bearer"):
		return errors.New("the type of authorization must be Bearer")
	case c.Authorization != nil && c.Authorization.CredentialsFile == "" && CheckToken(string(c.Authorization.Credentials)) != nil:
		return CheckToken(string(c.Authorization.Credentials))
	}
	return checkHeaders(c.HTTPHeaders)
}

var (
	headerName   = regexp.MustCompile("^[\\w!#$%&'*+.^`|~-]+$") // RFC 9110, 5.6.2
	controlCodes = regexp.MustCompile(`[\x00-\x08\x0a-\x1f\x7f]`)
)

// checkHeaders returns an error if no request could be sent with the headers.
func checkHeaders(headers *promconfig.Headers) error {
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
			slices.ContainsFunc(header.Secrets, func(s promconfig.Secret) bool { return controlCodes.MatchString(string(s)) }) {
			return errors.New("a value in http_headers has a line break or another control character")
		}
	}
	if names["X-Auth-Email"] != names["X-Auth-Key"] {
		return errors.New("X-Auth-Email and X-Auth-Key work only together: set both in http_headers")
	}
	return nil
}
