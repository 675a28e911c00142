package collector_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/collector"
)

const account = "credentials: {default: {authorization: {credentials: x}}}\naccounts:\n- id: " + accountID + "\n"

func TestConfigRefusals(t *testing.T) {
	for text, want := range map[string]string{ //nolint:gosec // no credentials
		"":                                    "no account: list one below accounts",
		"accounts: [{id: " + accountID + "}]": `line 1: there is no credential "default"`,
		"\ndiscover: true":                    `line 2: to discover accounts takes a credential "default"`,
		"accounts: []":                        "no account",
		"accounts: x":                         "line 1: a value of the wrong type",
		"accounts: [":                         "line 1: not valid YAML",
		"acounts: []":                         "line 1: unknown key",
		"accounts:\n- nam: x":                 "line 2: unknown key",
		"accounts:\n- id: x":                  `line 2: "x" is not an account id`,
		account + "\n- id: " + accountID:      "line 5: account " + accountID + " is there twice",
		account + "  credential: lab":         `line 3: there is no credential "lab"`,
		account + "  name: " + otherID:        `line 3: the name "` + otherID + `" looks like an id`,
		account + "  name: a\n- {id: " + otherID + ", name: a}":                                          `line 5: two accounts have the name "a"`,
		"credentials:\n  lab:\n    authorization: {typo: x}":                                             "line 3: unknown key",
		"credentials:\n  lab: {authorization: {credentials:SECRET}}":                                     "line 2: unknown key",
		"credentials:\n  lab: {authorization: {credentials: *SECRET}}":                                   "not valid YAML",
		account + "---\n" + account:                                                                      "more than one YAML document",
		account + "---\n[":                                                                               "more than one YAML document",
		strings.Replace(account, "credentials: x", "credentials: 'SEC RET'", 1):                          "line 1: credential default: a token is one word",
		strings.Replace(account, "authorization: {credentials: x}", "", 1):                               "line 1: credential default: it has neither",
		strings.Replace(account, "authorization: {credentials: x}", "basic_auth: {username: SECRET}", 1): "line 1: credential default: the API takes neither",
		"credentials:\n  lab: {authorization: SECRET}":                                                   "line 2: a value of the wrong type",
		"credentials:\n  lab: {proxy_url: 'http://u:SECRET@h:x'}":                                        "line 2: not a valid HTTP client configuration",
		"credentials:\n  ok: {}\n  lab:\n    authorization: {credentials: SECRET, credentials_file: y}":  "line 4: at most one of authorization credentials",
	} {
		_, err := collector.ParseConfig([]byte(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
			continue
		}
		if strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%q: more than one line, or a secret: %v", text, err)
		}
	}
}

func TestLoadConfig(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "config.yml")
	text := `accounts:
- id: ` + accountID + `
  name: edge
- id: ` + otherID + `
  credential: lab
credentials:
  default: {authorization: {credentials_file: token}}
  lab:
    http_headers:
      X-Auth-Email: {values: [ops@example.com]}
      X-Auth-Key: {files: [key]}
`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := collector.LoadConfig(file)
	if err != nil {
		t.Fatal(err)
	}
	want := []collector.AccountConfig{
		{ID: accountID, Name: "edge", Credential: "default"},
		{ID: otherID, Credential: "lab"},
	}
	for i := range want {
		if cfg.Accounts[i] != want[i] {
			t.Errorf("got %+v, want %+v", cfg.Accounts[i], want[i])
		}
	}
	if got := cfg.Credentials["default"].Authorization.CredentialsFile; got != filepath.Join(dir, "token") {
		t.Errorf("the token is looked for in %s", got)
	}
	if got := cfg.Credentials["lab"].HTTPHeaders.Headers["X-Auth-Key"].Files[0]; got != filepath.Join(dir, "key") {
		t.Errorf("the key is looked for in %s", got)
	}
}

func FuzzConfig(f *testing.F) {
	for _, text := range []string{"", account, "accounts: [{id: x}]", "credentials: {a: {authorization: {credentials: x}}}", "a: &a [*a]", "\t", "accounts:\n- *x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cfg, err := collector.ParseConfig([]byte(text))
		switch {
		case err != nil && strings.Contains(err.Error(), "\n"):
			t.Errorf("more than one line: %q", err)
		case err == nil && len(cfg.Accounts) == 0 && !cfg.Discover:
			t.Error("no account")
		case err == nil:
			for _, a := range cfg.Accounts {
				if collector.CheckAccountID(a.ID) != nil || a.Credential == "" {
					t.Errorf("%+v", a)
				}
			}
		}
	})
}
