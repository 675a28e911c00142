package config

import (
	"fmt"
	"strings"
	"testing"
)

// parseProxy parses a configuration with a setting of a proxy.
func parseProxy(setting string) error {
	_, err := Parse([]byte("accounts: [{id: " + accountID + "}]\ncredentials: {default: {authorization: {credentials: x}, " + setting + "}}"))
	return err
}

// A variable needs no scheme.
func TestProxy(t *testing.T) {
	names := []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"}
	for _, name := range names {
		t.Setenv(name, "")
	}
	if err := parseProxy("proxy_url: ''"); err != nil {
		t.Error(err)
	}
	for i, value := range []string{
		"http://127.0.0.1:3128", "http://127.0.0.1:3128/", "127.0.0.1:3128", "proxy", "https://user:p%40ss@proxy.example.com:3128",
		"user:pass@proxy:3128", "socks5://[::1]:1080", "socks5h://proxy_1",
	} {
		t.Setenv(names[i%len(names)], value)
		if err := parseProxy("proxy_from_environment: true"); err != nil {
			t.Errorf("variable %q: %v", value, err)
		}
		if err := parseProxy(fmt.Sprintf("proxy_url: %q", value)); (err == nil) != strings.Contains(value, "://") {
			t.Errorf("proxy_url %q: %v", value, err)
		}
	}
	for i, value := range []string{
		"http://user:SECRET%zz@127.0.0.1:3128", "SECRET%zz@127.0.0.1:3128", "http://127.0.0.1:3128\r", "http://127.0.0.1:3128\t",
		"http://127.0.0.1:3128\n", "http://127.0.0.1:3128 ", " ", "http://proxy SECRET:3128", `"http://127.0.0.1:3128"`,
		"'127.0.0.1:3128'", "http://proxy:3128 # SECRET", "http://proxy:3128#SECRET", "http//proxy:3128", "http:/proxy:3128",
		"http:proxy:3128", "::bad", "http://", "http://:3128", "ftp://proxy", "http://proxy:SECRET", "http://proxy/SECRET", "http://proxy?SECRET",
	} {
		name := names[i%len(names)]
		t.Setenv(name, value)
		for setting, want := range map[string]string{
			"proxy_from_environment: true":      "credential default: $" + name + " must have the form http://HOST:PORT",
			fmt.Sprintf("proxy_url: %q", value): "credential default: proxy_url must have the form http://HOST:PORT",
		} {
			if err := parseProxy(setting); err == nil || err.Error() != want {
				t.Errorf("%s, %q: got %v, want %s", setting, value, err, want)
			}
		}
		if err := parseProxy("proxy_from_environment: false"); err != nil {
			t.Errorf("%q is not used: %v", value, err)
		}
		t.Setenv(name, "")
	}
}
