package collector

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"
)

var accountID = regexp.MustCompile(`^[0-9a-f]{32}$`)

// CheckAccountID returns an error if id is not of the form of an account's.
func CheckAccountID(id string) error {
	if !accountID.MatchString(id) {
		return fmt.Errorf("%q is not an account id, which is 32 lower-case hex digits", id)
	}
	return nil
}

// ParseAPIURL returns the URL without a slash at its end. A token must not
// travel in the clear, so plain http is for loopback only.
func ParseAPIURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("must be of the form https://HOST/PATH")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "", errors.New("plain http is only for loopback, since it shows the token: use https")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("must begin with https://")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// CheckToken returns an error if text, but for white space around it, cannot be
// a token.
func CheckToken(text string) error {
	text = strings.TrimSpace(text)
	if text == "" {
		return errors.New("the token is empty")
	}
	for _, r := range text {
		if r <= ' ' || r > '~' {
			return errors.New("a token is one word of ASCII characters")
		}
	}
	return nil
}
