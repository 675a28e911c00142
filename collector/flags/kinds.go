package flags

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"cloudflare_pcap_exporter/collector"
)

// value is a flag whose errors name it, which kingpin's own do not.
type value[T any] struct {
	name  string
	to    *T
	parse func(string) (T, error)
}

// add adds a flag with a default. Its errors name it.
func add[T any](app *kingpin.Application, name, help, preset string, to *T, parse func(string) (T, error)) *kingpin.FlagClause {
	clause := app.Flag(name, help).Default(preset)
	clause.SetValue(&value[T]{name, to, parse})
	return clause
}

// Set implements kingpin.Value.
func (v *value[T]) Set(text string) error {
	parsed, err := v.parse(text)
	if err != nil {
		return fmt.Errorf("--%s: %w", v.name, err)
	}
	*v.to = parsed
	return nil
}

// String implements kingpin.Value.
func (v *value[T]) String() string { return fmt.Sprint(*v.to) }

// accounts takes ids of accounts. It is repeatable, and splits at commas for the variable's sake.
type accounts struct{ to *[]collector.AccountConfig }

// Set implements kingpin.Value.
func (f *accounts) Set(text string) error {
	for id := range strings.SplitSeq(text, ",") {
		id = strings.TrimSpace(id)
		if id == "" {
			continue
		}
		if err := collector.CheckAccountID(id); err != nil {
			return fmt.Errorf("--cloudflare.account-id: %w", err)
		}
		if slices.ContainsFunc(*f.to, func(a collector.AccountConfig) bool { return a.ID == id }) {
			return fmt.Errorf("--cloudflare.account-id: %s is given twice", id)
		}
		*f.to = append(*f.to, collector.AccountConfig{ID: id, Credential: collector.DefaultCredential})
	}
	return nil
}

// String implements kingpin.Value.
func (f *accounts) String() string { return "" }

// IsCumulative tells kingpin that the flag is repeatable.
func (f *accounts) IsCumulative() bool { return true }

// oneOf takes one of some words.
func oneOf(values ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(values, text) {
			return "", fmt.Errorf("%q is not one of %s", text, strings.Join(values, ", "))
		}
		return text, nil
	}
}

// duration takes a duration such as 500ms.
func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 500ms or 10s", text)
	}
	return d, nil
}

// positiveDuration takes one of more than 0.
func positiveDuration(text string) (time.Duration, error) {
	d, err := duration(text)
	if err == nil && d == 0 {
		err = errors.New("must be more than 0")
	}
	return d, err
}

// whole takes a whole number of at least 0.
func whole(text string) (int, error) {
	return atLeast(0, text)
}

// positive takes a whole number of at least 1.
func positive(text string) (int, error) {
	return atLeast(1, text)
}

func atLeast(least int, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least {
		return 0, fmt.Errorf("%q is not a whole number of at least %d", text, least)
	}
	return n, nil
}

var path = regexp.MustCompile(`^(/[\w~-][\w.~-]*)+$`)

// urlPath takes a path of a URL that is none of those taken; of one that ends with
// a slash, all below it are.
func urlPath(taken ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !path.MatchString(text) {
			return "", fmt.Errorf("%q is not a path such as /metrics", text)
		}
		for _, t := range taken {
			if text == t || strings.HasSuffix(t, "/") && strings.HasPrefix(text, t) {
				return "", fmt.Errorf("%s is taken", text)
			}
		}
		return text, nil
	}
}
