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
	return Parse(strings.Fields(args), io.Discard)
}

// checkErrors tests the arguments that are the keys. The first error of the methods must contain
// the value, be one line, and quote no secret.
func checkErrors(t *testing.T, tests map[string]string) {
	t.Helper()
	for args, want := range tests {
		f, err := parse(args)
		if err == nil {
			err = f.Validate()
		}
		if err == nil {
			_, err = f.Config()
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
}
