package flags

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/collector/config"
)

// Config returns the configuration of the file or, without a file, of the flags and the
// environment.
func (f *Flags) Config() (*config.Config, error) {
	var accounts []config.Account
	for _, id := range strings.FieldsFunc(strings.Join(f.accountIDs, ","), isSeparator) {
		accounts = append(accounts, config.Account{ID: id})
	}
	switch {
	case f.ConfigFile != "" && len(accounts) > 0:
		return nil, errors.New("--config.file specifies the accounts: remove --cloudflare.account-id or $CLOUDFLARE_ACCOUNT_ID")
	case f.ConfigFile != "" && f.tokenFile != "":
		return nil, errors.New("--config.file specifies the credentials: remove --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN_FILE")
	case f.ConfigFile != "":
		cfg, err := config.Load(f.ConfigFile)
		if err != nil {
			return nil, fmt.Errorf("--config.file: %w", err)
		}
		return cfg, nil
	case len(accounts) == 0:
		return nil, errors.New("no account: set --cloudflare.account-id, $CLOUDFLARE_ACCOUNT_ID or --config.file, or try --demo")
	case config.CheckProxyVariables() != nil:
		return nil, config.CheckProxyVariables()
	}
	token, err := f.token()
	if err != nil {
		return nil, err
	}
	cfg := config.New(accounts, token)
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("--cloudflare.account-id ($CLOUDFLARE_ACCOUNT_ID): %w", err)
	}
	return cfg, nil
}

func isSeparator(r rune) bool { return r == ',' || unicode.IsSpace(r) }

func (f *Flags) token() (promconfig.Authorization, error) {
	if f.tokenFile != "" {
		return promconfig.Authorization{CredentialsFile: f.tokenFile}, nil
	}
	token := os.Getenv("CLOUDFLARE_API_TOKEN")
	if token == "" {
		return promconfig.Authorization{}, errors.New("no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN")
	}
	if err := config.CheckToken(token); err != nil {
		return promconfig.Authorization{}, fmt.Errorf("$CLOUDFLARE_API_TOKEN: %w", err)
	}
	return promconfig.Authorization{Credentials: promconfig.Secret(strings.TrimSpace(token))}, nil
}

// CredentialFlag returns the flag to which errors of a credential belong.
func (f *Flags) CredentialFlag() string {
	if f.ConfigFile != "" {
		return "--config.file"
	}
	return "--cloudflare.api-token-file ($CLOUDFLARE_API_TOKEN_FILE)"
}

// Unused returns a line for each environment variable that has no effect with cfg.
func (f *Flags) Unused(cfg *config.Config) (lines []string) {
	if os.Getenv("CLOUDFLARE_API_TOKEN") != "" && cmp.Or(f.ConfigFile, f.tokenFile) != "" {
		lines = append(lines, "$CLOUDFLARE_API_TOKEN is not used: the token is from "+f.CredentialFlag())
	}
	proxies := slices.ContainsFunc(slices.Collect(maps.Values(cfg.Credentials)), func(c promconfig.HTTPClientConfig) bool { return c.ProxyFromEnvironment })
	if cmp.Or(os.Getenv("HTTPS_PROXY"), os.Getenv("https_proxy")) != "" && !proxies {
		lines = append(lines, "$HTTPS_PROXY is not used: no credential of --config.file has proxy_from_environment")
	}
	return lines
}
