// Package flags has the kinds of the exporter's command-line flags. A bad value
// is refused with an error that names the flag, which kingpin's own do not.
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

// value is a flag whose errors name it.
type value[T any] struct {
	name  string
	to    *T
	parse func(string) (T, error)
}

// Add adds a flag with a default. Its errors name it.
func Add[T any](app *kingpin.Application, name, help, preset string, to *T, parse func(string) (T, error)) *kingpin.FlagClause {
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

// Accounts takes ids of accounts. It is repeatable, and splits at commas for the variable's sake.
type Accounts struct{ To *[]collector.AccountConfig }

// Set implements kingpin.Value.
func (f *Accounts) Set(text string) error {
	for id := range strings.SplitSeq(text, ",") {
		id = strings.TrimSpace(id)
		if id == "" {
			continue
		}
		if err := collector.CheckAccountID(id); err != nil {
			return fmt.Errorf("--cloudflare.account-id: %w", err)
		}
		if slices.ContainsFunc(*f.To, func(a collector.AccountConfig) bool { return a.ID == id }) {
			return fmt.Errorf("--cloudflare.account-id: %s is given twice", id)
		}
		*f.To = append(*f.To, collector.AccountConfig{ID: id, Credential: collector.DefaultCredential})
	}
	return nil
}

// String implements kingpin.Value.
func (f *Accounts) String() string { return "" }

// IsCumulative tells kingpin that the flag is repeatable.
func (f *Accounts) IsCumulative() bool { return true }

// OneOf takes one of some words.
func OneOf(values ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(values, text) {
			return "", fmt.Errorf("%q is not one of %s", text, strings.Join(values, ", "))
		}
		return text, nil
	}
}

// Duration takes a duration such as 500ms.
func Duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 500ms or 10s", text)
	}
	return d, nil
}

// PositiveDuration takes one of more than 0.
func PositiveDuration(text string) (time.Duration, error) {
	d, err := Duration(text)
	if err == nil && d == 0 {
		err = errors.New("must be more than 0")
	}
	return d, err
}

// Int takes a whole number of at least 0.
func Int(text string) (int, error) {
	return atLeast(0, text)
}

// PositiveInt takes a whole number of at least 1.
func PositiveInt(text string) (int, error) {
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

// Path takes a path of a URL that is none of those taken; of one that ends with
// a slash, all below it are.
func Path(taken ...string) func(string) (string, error) {
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
