package flags

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"
	"github.com/prometheus/common/version"

	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
	"cloudflare_pcap_exporter/collector/web"
)

// NewHandler returns the handler that the flags describe.
func (f *Flags) NewHandler(ctx context.Context, logger log.Logger) (*web.Handler, error) {
	ctx, cancel := context.WithTimeout(ctx, f.Timeout)
	defer cancel()
	cfg, err := f.load()
	if err != nil {
		return nil, err
	}
	f.Accounts.Series = captures.SeriesMode(f.series)
	f.Accounts.UserAgent, f.Version = web.Name+"/"+version.Version, version.Version
	f.Logger = logger
	handler, err := web.New(ctx, cfg, f.Options)
	if err != nil && f.ConfigFile == "" {
		return nil, fmt.Errorf("--cloudflare.api-token-file: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("--config.file: %w", err)
	}
	return handler, nil
}

// load returns the configuration of the file or of the flags.
func (f *Flags) load() (*config.Config, error) {
	switch {
	case f.ConfigFile != "" && len(f.accounts) > 0:
		return nil, errors.New("--config.file specifies the accounts: remove --cloudflare.account-id or $CLOUDFLARE_ACCOUNT_ID")
	case f.ConfigFile != "" && f.tokenFile != "":
		return nil, errors.New("--config.file specifies the credentials: remove --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN_FILE")
	case f.ConfigFile != "":
		cfg, err := config.Load(f.ConfigFile)
		if err != nil {
			return nil, fmt.Errorf("--config.file: %w", err)
		}
		return cfg, nil
	case len(f.accounts) == 0:
		return nil, errors.New("no account: set --cloudflare.account-id, $CLOUDFLARE_ACCOUNT_ID or --config.file, or try --demo")
	}
	credential, err := f.credential()
	if err != nil {
		return nil, err
	}
	return &config.Config{
		Accounts:    f.accounts,
		Credentials: map[string]promconfig.HTTPClientConfig{config.DefaultCredential: credential},
	}, nil
}

// credential returns the credential of the flags and the environment.
func (f *Flags) credential() (cfg promconfig.HTTPClientConfig, err error) {
	cfg.Authorization = &promconfig.Authorization{Type: "Bearer", CredentialsFile: f.tokenFile}
	cfg.ProxyFromEnvironment = true
	if f.tokenFile != "" {
		return cfg, nil
	}
	token := cmp.Or(f.token, os.Getenv("CLOUDFLARE_API_TOKEN"))
	if token == "" {
		return cfg, errors.New("no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN")
	}
	if err := config.CheckToken(token); err != nil {
		return cfg, fmt.Errorf("$CLOUDFLARE_API_TOKEN: %w", err)
	}
	cfg.Authorization.Credentials = promconfig.Secret(strings.TrimSpace(token))
	return cfg, nil
}

// Simulate replaces API, token and accounts with simulated ones.
func (f *Flags) Simulate(url, token string, accounts []config.Account) {
	f.Accounts.BaseURL, f.token, f.tokenFile, f.accounts = url, token, "", accounts
}
