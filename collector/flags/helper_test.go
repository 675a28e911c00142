package flags

import (
	"io"
	"strings"
	"testing"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	account   = "--cloudflare.account-id=" + accountID
)

// parse parses arguments without spaces in them.
func parse(args string) (*Flags, error) {
	return Parse("exporter", strings.Fields(args), io.Discard)
}

// configure parses arguments and returns the first error of the methods.
func configure(t *testing.T, args string) error {
	t.Helper()
	f, err := parse(args)
	if err == nil {
		err = f.Validate(t.Context())
	}
	if err == nil {
		_, err = f.Config()
	}
	return err
}

// checkErrors tests the arguments that are the keys. Each error must contain the value and
// be one line.
func checkErrors(t *testing.T, tests map[string]string) {
	t.Helper()
	for args, want := range tests {
		err := configure(t, args)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
}
