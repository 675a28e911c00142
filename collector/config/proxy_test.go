package config

import (
	"strings"
	"testing"
)

func TestCheckProxyVariables(t *testing.T) {
	const text = "accounts: [{id: " + accountID + "}]\ncredentials:\n  default: {authorization: {credentials: x}, proxy_from_environment: true}\n"
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		t.Setenv(name, "")
		for value, valid := range map[string]bool{
			"": true, "http://127.0.0.1:3128": true, "http://127.0.0.1:3128/": true, "127.0.0.1:3128": true, "proxy": true,
			"https://user:p%40ss@proxy.example.com:3128": true, "user:pass@proxy:3128": true, "socks5://[::1]:1080": true,
			"socks5h://proxy_1": true,

			"http://user:SECRET%zz@127.0.0.1:3128": false, "SECRET%zz@127.0.0.1:3128": false,
			"http://127.0.0.1:3128\r": false, "http://127.0.0.1:3128\t": false, "http://127.0.0.1:3128\n": false,
			"http://127.0.0.1:3128 ": false, " ": false, "http://proxy SECRET:3128": false,
			`"http://127.0.0.1:3128"`: false, "'127.0.0.1:3128'": false, "http://proxy:3128 # SECRET": false,
			"http://proxy:3128#SECRET": false, "http//proxy:3128": false, "http:/proxy:3128": false, "http:proxy:3128": false,
			"::bad": false, "http://": false, "http://:3128": false, "ftp://proxy": false, "http://proxy:SECRET": false,
			"http://proxy/SECRET": false, "http://proxy?SECRET": false,
		} {
			t.Setenv(name, value)
			_, err := Parse([]byte(text))
			if (err == nil) != valid || err != nil && (!strings.Contains(err.Error(), "$"+name+" must have the form") || strings.Contains(err.Error(), "SECRET")) {
				t.Errorf("%s=%q: %v", name, value, err)
			}
			if _, err := Parse([]byte(strings.Replace(text, "true", "false", 1))); err != nil {
				t.Errorf("%s=%q is not used: %v", name, value, err)
			}
		}
		t.Setenv(name, "")
	}
}

func TestProxyURL(t *testing.T) {
	proxy := func(url string) string {
		return "accounts: [{id: " + accountID + "}]\ncredentials:\n  default: {authorization: {credentials: x}, proxy_url: '" + url + "'}"
	}
	for _, url := range []string{"proxy.example.com:3128", "SECRET", "//proxy:3128", "ftp://proxy", "http://", "http:proxy"} {
		checkErrors(t, map[string]string{proxy(url): "credential default: proxy_url must have the form http://HOST:PORT"})
	}
	for _, url := range []string{"http://proxy:3128", "socks5://user:SECRET@proxy:1080", ""} {
		if _, err := Parse([]byte(proxy(url))); err != nil {
			t.Errorf("%s: %v", url, err)
		}
	}
}
