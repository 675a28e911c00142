package flags

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/collector/config"
)

func TestConfigErrors(t *testing.T) {
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"":                                    "no account: set --cloudflare.account-id, $CLOUDFLARE_ACCOUNT_ID or --config.file, or try --demo",
		account:                               "no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN",
		"--config.file=/nowhere/c":            "--config.file: open /nowhere/c",
		"--config.file=/nowhere/c " + account: "--config.file specifies the accounts: remove --cloudflare.account-id",
		"--config.file=/nowhere/c --cloudflare.api-token-file=/nowhere/t": "--config.file specifies the credentials: remove --cloudflare.api-token-file",
	})
}

func TestVariables(t *testing.T) {
	other := strings.Repeat("f", 32)
	t.Setenv("CLOUDFLARE_ACCOUNT_ID", accountID+", ,"+other)
	for token, want := range map[string]string{
		"two words": "$CLOUDFLARE_API_TOKEN: the token has characters other than visible ASCII",
		" ":         "$CLOUDFLARE_API_TOKEN: the token is empty",
		"":          "no token: ",
	} {
		t.Setenv("CLOUDFLARE_API_TOKEN", token)
		if err := configure(t, ""); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "two") {
			t.Errorf("token %q: got %v, want %s", token, err, want)
		}
	}
	t.Setenv("CLOUDFLARE_API_TOKEN", " secret\n")
	wantConfig(t, "", "secret", "", accountID, other)
	file := filepath.Join(t.TempDir(), "token")
	t.Setenv("CLOUDFLARE_API_TOKEN_FILE", file)
	wantConfig(t, account, "", file, accountID)
	t.Setenv("HTTPS_PROXY", "http://user:two%zz@127.0.0.1:3128")
	if err := configure(t, ""); err == nil || err.Error() != "$HTTPS_PROXY must have the form http://HOST:PORT" {
		t.Errorf("malformed proxy: %v", err)
	}
}

func wantConfig(t *testing.T, args, token, file string, ids ...string) {
	t.Helper()
	f, err := parse(args)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := f.Config()
	if err != nil {
		t.Fatal(err)
	}
	c := cfg.Credentials[config.DefaultCredential]
	if auth := c.Authorization; string(auth.Credentials) != token || auth.CredentialsFile != file || auth.Type != "Bearer" || !c.ProxyFromEnvironment {
		t.Errorf("%q: got %+v and %+v", args, c, auth)
	}
	var want []config.Account
	for _, id := range ids {
		want = append(want, config.Account{ID: id, Credential: config.DefaultCredential})
	}
	if !slices.Equal(cfg.Accounts, want) {
		t.Errorf("accounts: got %+v, want %+v", cfg.Accounts, want)
	}
}

// The log says which variables have no effect.
func TestUnused(t *testing.T) {
	t.Setenv("CLOUDFLARE_API_TOKEN", "secret")
	t.Setenv("https_proxy", "http://127.0.0.1:3128")
	direct, proxied := new(config.Config), config.New(nil, promconfig.Authorization{})
	for _, test := range []struct {
		args string
		cfg  *config.Config
		want []string
	}{
		{account, proxied, nil},
		{account + " --cloudflare.api-token-file=x", proxied, []string{"$CLOUDFLARE_API_TOKEN is not used: the token is from --cloudflare.api-token-file"}},
		{"--config.file=x", proxied, []string{"$CLOUDFLARE_API_TOKEN is not used: the token is from --config.file"}},
		{"--config.file=x", direct, []string{
			"$CLOUDFLARE_API_TOKEN is not used: the token is from --config.file",
			"$HTTPS_PROXY is not used: no credential of --config.file has proxy_from_environment",
		}},
	} {
		if f, err := parse(test.args); err != nil || !slices.Equal(f.Unused(test.cfg), test.want) {
			t.Errorf("%s: %v, want %s", test.args, err, test.want)
		}
	}
}

func TestCredentialFlag(t *testing.T) {
	t.Setenv("CLOUDFLARE_API_TOKEN_FILE", "/run/token")
	for args, want := range map[string]string{
		account: "$CLOUDFLARE_API_TOKEN_FILE", account + " --cloudflare.api-token-file=x": "--cloudflare.api-token-file",
	} {
		if f, err := parse(args); err != nil || f.CredentialFlag() != want {
			t.Errorf("%s: %v, want %s", args, err, want)
		}
	}
}
