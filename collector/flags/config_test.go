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
	for token, want := range map[string]string{ //nolint:gosec // no credentials
		"two SECRET": "$CLOUDFLARE_API_TOKEN: the token has a space or another character than visible ASCII: write it again",
		" ":          "$CLOUDFLARE_API_TOKEN: the token is empty",
		"":           "no token: ",
	} {
		t.Setenv("CLOUDFLARE_API_TOKEN", token)
		checkErrors(t, map[string]string{"": want})
	}
	t.Setenv("CLOUDFLARE_API_TOKEN", " secret\n")
	wantConfig(t, "", "secret", "", accountID, other)
	file := filepath.Join(t.TempDir(), "token")
	t.Setenv("CLOUDFLARE_API_TOKEN_FILE", file)
	wantConfig(t, account, "", file, accountID)
	t.Setenv("HTTPS_PROXY", "http://user:SECRET%zz@127.0.0.1:3128")
	checkErrors(t, map[string]string{"": "$HTTPS_PROXY must have the form http://HOST:PORT"})
}

func TestAccountErrors(t *testing.T) {
	t.Setenv("CLOUDFLARE_API_TOKEN", "x")
	const flag, form = "--cloudflare.account-id ($CLOUDFLARE_ACCOUNT_ID): ", "the id must have 32 lower-case hex digits"
	checkErrors(t, map[string]string{
		"--cloudflare.account-id=x": flag + "account 1 of 1: " + form,
		account + " " + account:     flag + "account " + accountID + ": duplicate id",
	})
	for _, ids := range []string{accountID + ", SECRET", accountID + "\nSECRET"} {
		t.Setenv("CLOUDFLARE_ACCOUNT_ID", ids)
		checkErrors(t, map[string]string{"": flag + "account 2 of 2: " + form})
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
		{account + " --cloudflare.api-token-file=x", proxied, []string{"$CLOUDFLARE_API_TOKEN is not used: the token is from --cloudflare.api-token-file ($CLOUDFLARE_API_TOKEN_FILE)"}},
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
