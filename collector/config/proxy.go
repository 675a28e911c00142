package config

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
)

// proxyVariable matches URL or HOST:PORT. User and password are checked by net/url.
var proxyVariable = regexp.MustCompile(`^((https?|socks5h?)://)?([^\s/?#@]+@)?([\w.-]+|\[[\w.:%]+\])(:\d{1,5})?/?$`)

// CheckProxyVariables returns an error if an environment variable for a proxy is malformed. The
// library would use no proxy. The error does not quote the variable, which may contain a password.
func CheckProxyVariables() error {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		value := os.Getenv(name)
		_, address, ok := strings.Cut(value, "://")
		if !ok {
			address = value
		}
		if _, err := url.Parse("http://" + address); value != "" && (err != nil || !proxyVariable.MatchString(value)) {
			return fmt.Errorf("$%s must have the form http://HOST:PORT", name)
		}
	}
	return nil
}
