package flags

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// value is a flag whose errors contain its name. Errors of kingpin's own flags do not.
type value[T any] struct {
	flag  *kingpin.FlagClause
	to    *T
	parse func(string) (T, error)
}

// add adds a flag with a default.
func add[T any](app *kingpin.Application, name, help, preset string, to *T, parse func(string) (T, error)) *kingpin.FlagClause {
	clause := app.Flag(name, help).Default(preset)
	clause.SetValue(&value[T]{clause, to, parse})
	return clause
}

// Set implements kingpin.Value.
func (v *value[T]) Set(text string) error {
	parsed, err := v.parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", source(v.flag, text), err)
	}
	*v.to = parsed
	return nil
}

// String implements kingpin.Value.
func (v *value[T]) String() string { return fmt.Sprint(*v.to) }

// source returns the name of a flag or, if the text is from there, of its environment variable.
func source(flag *kingpin.FlagClause, text string) string {
	m := flag.Model()
	if text != "" && strings.Contains(os.Getenv(m.Envar), text) {
		return "$" + m.Envar
	}
	return "--" + m.Name
}

// accountIDs is a repeatable flag. A value, or its environment variable, may contain
// several ids, separated by commas.
type accountIDs struct {
	flag *kingpin.FlagClause
	to   *[]config.Account
}

// Set implements kingpin.Value.
func (f *accountIDs) Set(text string) error {
	ids := strings.Split(text, ",")
	for i, id := range ids {
		id = strings.TrimSpace(id)
		if id == "" {
			continue
		}
		where := source(f.flag, text)
		if len(ids) > 1 {
			where = fmt.Sprintf("%s: id %d of %d", where, i+1, len(ids))
		}
		if !cfapi.IsAccountID(id) {
			return fmt.Errorf("%s: %w", where, config.ErrInvalidID)
		}
		if slices.ContainsFunc(*f.to, func(a config.Account) bool { return a.ID == id }) {
			return fmt.Errorf("%s: duplicate account id %s", where, id)
		}
		*f.to = append(*f.to, config.Account{ID: id, Credential: config.DefaultCredential})
	}
	return nil
}

// String implements kingpin.Value.
func (f *accountIDs) String() string { return "" }

// IsCumulative makes the flag repeatable.
func (f *accountIDs) IsCumulative() bool { return true }

// apiURL parses a base URL and removes a trailing slash. It rejects plain http except
// to loopback, because the token must not be sent in clear text.
func apiURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err == nil && u.Hostname() == "api.cloudflare.com" && !strings.HasPrefix(u.Path, "/client/v4"):
		return "", errors.New("the path of Cloudflare's API is /client/v4: https://api.cloudflare.com/client/v4")
	case err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("must have the form https://HOST/PATH")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return "", errors.New("plain http would expose the token: use https")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", errors.New("must start with https://")
	}
	return strings.TrimRight(u.String(), "/"), nil
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

// oneOf parses one of the given words.
func oneOf(values ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(values, text) {
			return "", fmt.Errorf("%q is not one of %s", text, strings.Join(values, ", "))
		}
		return text, nil
	}
}

// duration parses a duration such as 500ms.
func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 500ms or 10s", text)
	}
	return d, nil
}

// positiveDuration parses a duration above 0.
func positiveDuration(text string) (time.Duration, error) {
	d, err := duration(text)
	if err == nil && d == 0 {
		err = errors.New("must be greater than 0")
	}
	return d, err
}

// atLeast parses an integer of at least the given minimum.
func atLeast(minimum int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < minimum {
			return 0, fmt.Errorf("%q is not an integer of at least %d", text, minimum)
		}
		return n, nil
	}
}

var path = regexp.MustCompile(`^(/[\w~-][\w.~-]*)+$`)

// urlPath parses a URL path that is not reserved. A reserved path with a trailing slash
// reserves all paths below it.
func urlPath(reserved ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !path.MatchString(text) {
			return "", fmt.Errorf("%q is not a path such as /metrics", text)
		}
		for _, r := range reserved {
			if text == r || strings.HasSuffix(r, "/") && strings.HasPrefix(text, r) {
				return "", fmt.Errorf("%s is reserved: choose another path", text)
			}
		}
		return text, nil
	}
}
