package config

import (
	"errors"
	"fmt"
	"maps"
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
		return InvalidID(a.ID)
	case seen[a.ID]:
		return fmt.Errorf("duplicate account id %s", a.ID)
	case seen[a.Name]:
		return fmt.Errorf("duplicate account name %q", a.Name)
	case cfapi.IsAccountID(a.Name):
		return fmt.Errorf("account name %q looks like an account id: use another name", a.Name)
	case !known:
		return fmt.Errorf("unknown credential %q: add it to credentials", a.Credential)
	}
	return nil
}

// InvalidID returns the error for a malformed account id.
func InvalidID(id string) error {
	return fmt.Errorf("invalid account id %q: must be 32 lower-case hex digits", id)
}

// checkCredential rejects what the API does not accept.
func checkCredential(c config.HTTPClientConfig) error {
	switch {
	case c.BasicAuth != nil || c.OAuth2 != nil:
		return errors.New("the API accepts neither basic_auth nor oauth2: use authorization or http_headers")
	case c.Authorization != nil && c.Authorization.CredentialsRef != "":
		return errors.New("credentials_ref is not supported: use credentials_file")
	case c.Authorization == nil && c.HTTPHeaders == nil:
		return errors.New("no token or key: set authorization or http_headers")
	case c.Authorization != nil && c.Authorization.CredentialsFile == "":
		return CheckToken(string(c.Authorization.Credentials))
	}
	return nil
}
