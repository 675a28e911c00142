package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
)

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yml")
	text := `accounts:
- id: ` + accountID + `
  name: edge
- id: ` + otherID + `
  credential: lab
discover: true
exclude: [other]
credentials:
  default: {authorization: {credentials_file: token}, tls_config: {ca_file: ca}}
  lab:
    http_headers:
      X-Auth-Email: {values: [ops@example.com]}
      X-Auth-Key: {files: [key]}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []Account{
		{ID: accountID, Name: "edge", Credential: DefaultCredential},
		{ID: otherID, Credential: "lab"},
	}
	if !slices.Equal(cfg.Accounts, want) || !cfg.Discover || !slices.Equal(cfg.Exclude, []string{"other"}) {
		t.Errorf("got %+v, discover %v, want %+v", cfg.Accounts, cfg.Discover, want)
	}
	for name, got := range map[string]string{
		"token": cfg.Credentials["default"].Authorization.CredentialsFile,
		"ca":    cfg.Credentials["default"].TLSConfig.CAFile,
		"key":   cfg.Credentials["lab"].HTTPHeaders.Headers["X-Auth-Key"].Files[0],
	} {
		if want := filepath.Join(dir, name); got != want {
			t.Errorf("got path %s, want %s", got, want)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yml")
	if _, err := Load(file); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("missing file: %v", err)
	}
	if err := os.WriteFile(file, []byte("\n- x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file); err == nil || err.Error() != file+`: line 2: the value must be a mapping such as "key: value"` {
		t.Errorf("invalid file: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"", oneAccount, "accounts: [{id: x}]", "credentials: {a: {authorization: {credentials: x}}}", "a: &a [*a]", "\t", "accounts:\n- *x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := Parse([]byte(text))
		switch {
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("more than one line: %q", err)
		case err == nil && len(cfg.Accounts) == 0 && !cfg.Discover:
			t.Error("no account")
		case err == nil:
			for _, a := range cfg.Accounts {
				if !cfapi.IsAccountID(a.ID) || a.Credential == "" {
					t.Errorf("%+v", a)
				}
			}
		}
	})
}
