package flags

import (
	"os"
	"path/filepath"
	"testing"
)

func TestValidate(t *testing.T) {
	if f, err := parse("--web.listen-address=vsock://:99999 --web.listen-address=[::1]:2"); err != nil || f.Validate() != nil {
		t.Errorf("valid addresses: %v", err)
	}
	tests := map[string]string{
		"--web.enable-lifecycle":                                 "--web.enable-lifecycle needs --config.file",
		"--web.listen-address=nowhere":                           "--web.listen-address: ",
		"--web.listen-address=:99999":                            "--web.listen-address: ",
		"--web.listen-address=:foo":                              "--web.listen-address: ",
		"--web.listen-address=:1 --web.listen-address=127.0.0.1": "--web.listen-address: ",
		"--web.config.file=/nowhere/w":                           "--web.config.file: ",
	}
	for _, path := range []string{"metrics", "/{x}", "/", "/probe", "/sd", "/-/x", "/debug/x"} {
		tests["--web.telemetry-path="+path] = `--web.telemetry-path: "` + path + `" is reserved, or not a path such as /metrics`
	}
	checkErrors(t, tests)
	t.Setenv("CLOUDFLARE_BASE_URL", "ftp://host")
	checkErrors(t, map[string]string{"": "--cloudflare.api-url ($CLOUDFLARE_BASE_URL): must start with https://"})
}

// Every user needs a hash. The error quotes nothing of a password.
func TestWebConfig(t *testing.T) {
	file := filepath.Join(t.TempDir(), "web.yml")
	const user = "basic_auth_users: {a: "
	const hash = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi"
	for text, want := range map[string]string{
		user + hash + "}":                "no account",
		user + hash + ", b: SECRET}":     "--web.config.file: a password is not a bcrypt hash: make one with htpasswd -nB USER",
		user + "SECRET" + hash[6:] + "}": "--web.config.file: a password is not a bcrypt hash",
		user + hash[:50] + "}":           "--web.config.file: a password is not a bcrypt hash",
		"tls_server_config: {cert_file: /nowhere, key_file: /nowhere}": "--web.config.file: failed to read cert_file (/nowhere): open /nowhere: no such file or directory",
	} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		checkErrors(t, map[string]string{"--web.config.file=" + file: want})
	}
}

func TestAPIURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.cloudflare.com/client/v4/": "https://api.cloudflare.com/client/v4",
		"http://127.0.0.1:8080":                 "http://127.0.0.1:8080",
		"http://[::1]:8080/x":                   "http://[::1]:8080/x",
		"http://localhost/x//":                  "http://localhost/x",
	} {
		if got, err := apiURL(text); got != want || err != nil {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
	}
	const form = "must have the form https://HOST/PATH"
	for text, want := range map[string]string{
		"http://api.cloudflare.com/client/v4": "plain http would expose the token",
		"http://127.0.0.1.example.com":        "plain http would expose the token",
		"https://api.cloudflare.com/v4":       "the path of Cloudflare's API is /client/v4",
		"ftp://127.0.0.1":                     "must start with https://",
		"api.cloudflare.com":                  form,
		"https://":                            form,
		"https://user:SECRET@host/":           form,
		"https://host/?token=SECRET":          form,
		"https://host/?":                      form,
		"https://host/#SECRET":                form,
		"https://ho%st/SECRET":                form,
	} {
		checkErrors(t, map[string]string{"--cloudflare.api-url=" + text: want})
	}
}
