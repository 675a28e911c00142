package flags

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	toolkit "github.com/prometheus/exporter-toolkit/web"
)

var (
	path     = regexp.MustCompile(`^(/[\w~-][\w.~-]*)+$`)
	reserved = regexp.MustCompile(`^/((probe|sd)$|(-|debug)/)`)
)

// Validate checks what Parse cannot check. It removes a trailing slash of the API's URL.
func (f *Flags) Validate() error {
	base, err := apiURL(f.Accounts.BaseURL)
	if err != nil {
		return fmt.Errorf("--cloudflare.api-url ($CLOUDFLARE_BASE_URL): %w", err)
	}
	f.Accounts.BaseURL = base
	if !path.MatchString(f.MetricsPath) || reserved.MatchString(f.MetricsPath) {
		return fmt.Errorf("--web.telemetry-path: %q is reserved, or not a path such as /metrics", f.MetricsPath)
	}
	if f.Lifecycle && f.ConfigFile == "" {
		return errors.New("--web.enable-lifecycle needs --config.file: without it, there is nothing to reload")
	}
	for _, address := range *f.Toolkit.WebListenAddresses {
		if _, err := net.ResolveTCPAddr("tcp", address); err != nil && !strings.HasPrefix(address, "vsock://") {
			return fmt.Errorf("--web.listen-address: %w", err)
		}
	}
	if err := toolkit.Validate(*f.Toolkit.WebConfigFile); err != nil {
		if strings.Contains(err.Error(), "bcrypt") { // it quotes a character of the password
			err = errors.New("a password is not a bcrypt hash: make one with htpasswd -nB USER")
		}
		return fmt.Errorf("--web.config.file: %w", err)
	}
	return nil
}

// apiURL parses a base URL and removes a trailing slash. It rejects plain http except
// to loopback, because the token must not be sent in clear text.
func apiURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err == nil && u.Hostname() == "api.cloudflare.com" && !strings.HasPrefix(u.Path, "/client/v4"):
		return "", errors.New("the path of Cloudflare's API is /client/v4: https://api.cloudflare.com/client/v4")
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("must have the form https://HOST/PATH")
	case u.Scheme == "http" && u.Hostname() != "localhost" && !net.ParseIP(u.Hostname()).IsLoopback():
		return "", errors.New("plain http would expose the token: use https")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("must start with https://")
	}
	return strings.TrimRight(u.String(), "/"), nil
}
