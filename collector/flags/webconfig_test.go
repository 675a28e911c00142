package flags

import (
	"os"
	"path/filepath"
	"testing"
)

func TestWebConfig(t *testing.T) {
	const hash = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"
	file := filepath.Join(t.TempDir(), "web.yml")
	for text, want := range map[string]string{
		"basic_auth_users: {a: " + hash + "}":                          "",
		"basic_auth_users:\n  a: " + hash + "\n  b: SECRET\n":          "line 3: the password is not a bcrypt hash: make one with htpasswd -nB USER",
		"basic_auth_users:\n  a: " + hash[:50] + "\n":                  "line 2: the password is not a bcrypt hash: make one with htpasswd -nB USER",
		"tls_server_config: {cert_file: /nowhere, key_file: /nowhere}": "failed to read cert_file (/nowhere): open /nowhere: no such file or directory",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := validateWebConfig(file); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
