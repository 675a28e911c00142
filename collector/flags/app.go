package flags

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/go-kit/log"
	"github.com/prometheus/common/config"
	"github.com/prometheus/common/version"

	"cloudflare_pcap_exporter/collector"
)

// App returns the exporter that the flags describe.
func (f *Flags) App(logger log.Logger) (*collector.App, error) {
	cfg, err := f.load()
	if err != nil {
		return nil, err
	}
	f.Series = collector.SeriesMode(f.series)
	f.UserAgent, f.Version = collector.Name+"/"+version.Version, version.Version
	f.Logger = logger
	app, err := collector.New(cfg, f.Options)
	if err != nil && f.ConfigFile == "" {
		return nil, fmt.Errorf("--cloudflare.api-token-file: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("--config.file: %w", err)
	}
	return app, nil
}

// load returns the configuration: of the file, or of the flags.
func (f *Flags) load() (*collector.Config, error) {
	switch {
	case f.Demo && f.ConfigFile != "":
		return nil, errors.New("--demo has accounts of its own: drop --config.file")
	case f.ConfigFile != "" && len(f.accounts) > 0:
		return nil, errors.New("give accounts by --config.file or by --cloudflare.account-id or $CLOUDFLARE_ACCOUNT_ID, not by both")
	case f.ConfigFile != "" && f.tokenFile != "":
		return nil, errors.New("with --config.file the token is in its credentials: drop --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN_FILE")
	case f.ConfigFile != "":
		cfg, err := collector.LoadConfig(f.ConfigFile)
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
	return &collector.Config{
		Accounts:    f.accounts,
		Credentials: map[string]config.HTTPClientConfig{collector.DefaultCredential: credential},
	}, nil
}

// credential is the one of the flags.
func (f *Flags) credential() (cfg config.HTTPClientConfig, err error) {
	cfg.Authorization = &config.Authorization{Type: "Bearer", CredentialsFile: f.tokenFile}
	cfg.EnableHTTP2 = true
	cfg.ProxyFromEnvironment = true
	if f.tokenFile != "" {
		return cfg, nil
	}
	token := cmp.Or(f.token, os.Getenv("CLOUDFLARE_API_TOKEN"))
	if token == "" {
		return cfg, errors.New("no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN")
	}
	if err := collector.CheckToken(token); err != nil {
		return cfg, fmt.Errorf("$CLOUDFLARE_API_TOKEN: %w", err)
	}
	cfg.Authorization.Credentials = config.Secret(strings.TrimSpace(token))
	return cfg, nil
}

// Simulate has the exporter show accounts of a simulated API.
func (f *Flags) Simulate(url, token string, accounts ...collector.AccountConfig) {
	f.BaseURL, f.token, f.tokenFile, f.accounts = url, token, "", accounts
}
