package config

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
)

var errProxy = errors.New("proxy_url must have the form http://HOST:PORT")

// isProxy reports whether u has the form of a proxy's URL. With any other URL, net/http uses no
// proxy, or returns an error for each request.
func isProxy(u *url.URL) bool {
	return slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) && u.Hostname() != "" &&
		strings.Trim(u.Path, "/") == "" && u.RawQuery == "" && u.Fragment == ""
}

// CheckProxyVariables returns an error if an environment variable for a proxy is malformed. The
// error does not quote the variable, which may contain a password.
func CheckProxyVariables() error {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if !strings.Contains(value, "://") {
			value = "http://" + value
		}
		if u, err := url.Parse(value); err != nil || !isProxy(u) {
			return fmt.Errorf("$%s must have the form http://HOST:PORT", name)
		}
	}
	return nil
}
