package flags

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-kit/log"
	"github.com/prometheus/common/version"

	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
	"cloudflare_pcap_exporter/collector/web"
)

func TestConfigurationErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yml")
	text := "accounts: [{id: " + accountID + "}]\ncredentials: {default: {authorization: {credentials_file: /nowhere/t}}}"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	checkErrors(t, map[string]string{ //nolint:gosec // no credentials
		"":      "no account: set --cloudflare.account-id, $CLOUDFLARE_ACCOUNT_ID or --config.file, or try --demo",
		account: "no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN",
		account + " --cloudflare.api-token-file=/nowhere/t": "--cloudflare.api-token-file: credential default: open /nowhere/t",

		"--config.file=/nowhere/c":                                        "--config.file: open /nowhere/c",
		"--config.file=" + file:                                           "--config.file: credential default: open /nowhere/t",
		"--config.file=/nowhere/c " + account:                             "--config.file specifies the accounts: remove --cloudflare.account-id",
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
		if err := configure(""); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "two") {
			t.Errorf("token %q: got %v, want %s", token, err, want)
		}
	}
	t.Setenv("CLOUDFLARE_API_TOKEN", " secret\n")
	f, err := parse("")
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Account{{ID: accountID, Credential: "default"}, {ID: other, Credential: "default"}}
	checkLoad(t, f, "secret", want...)

	file := filepath.Join(t.TempDir(), "token")
	t.Setenv("CLOUDFLARE_API_TOKEN_FILE", file)
	if f, err = parse(account); err != nil {
		t.Fatal(err)
	}
	cfg, err := f.load()
	if err != nil || cfg.Credentials["default"].Authorization.CredentialsFile != file || len(cfg.Accounts) != 1 {
		t.Errorf("token file and flag: %+v, %v", cfg, err)
	}
}

func TestSimulate(t *testing.T) {
	t.Setenv("CLOUDFLARE_API_TOKEN", "real")
	f, err := parse(account + " --cloudflare.api-token-file=/nowhere/t")
	if err != nil {
		t.Fatal(err)
	}
	want := config.Account{ID: strings.Repeat("f", 32), Name: "simulated", Credential: "default"}
	f.Simulate("http://simulated", "simulated-token", []config.Account{want})
	checkLoad(t, f, "simulated-token", want)
	if f.Accounts.BaseURL != "http://simulated" {
		t.Errorf("base URL: %s", f.Accounts.BaseURL)
	}
}

func TestNewHandler(t *testing.T) {
	t.Setenv("CLOUDFLARE_API_TOKEN", "x")
	f, err := parse(account + " --collector.capture-series=all")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.NewHandler(t.Context(), log.NewNopLogger()); err != nil {
		t.Fatal(err)
	}
	want := web.Name + "/" + version.Version
	if f.Accounts.UserAgent != want || f.Version != version.Version || f.Accounts.Series != captures.SeriesAll {
		t.Errorf("got %+v, want user agent %s", f.Options, want)
	}
}

func checkLoad(t *testing.T, f *Flags, token string, want ...config.Account) {
	t.Helper()
	cfg, err := f.load()
	if err != nil {
		t.Fatal(err)
	}
	c := cfg.Credentials["default"]
	if got := string(c.Authorization.Credentials); got != token || c.Authorization.Type != "Bearer" || c.Authorization.CredentialsFile != "" {
		t.Errorf("token: got %q, want %q, in %+v", got, token, c.Authorization)
	}
	if !c.ProxyFromEnvironment {
		t.Errorf("no HTTP/2, or no proxy from the environment: %+v", c)
	}
	if !slices.Equal(cfg.Accounts, want) {
		t.Errorf("accounts: got %+v, want %+v", cfg.Accounts, want)
	}
}
