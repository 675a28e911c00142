package flags

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/go-kit/log"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	account   = "--cloudflare.account-id=" + accountID
)

// parse parses arguments without spaces in them.
func parse(args string) (*Flags, error) {
	return Parse(strings.Fields(args), io.Discard)
}

// configure does what the program does before it serves.
func configure(args string) error {
	f, err := parse(args)
	if err != nil {
		return err
	}
	if err := f.Validate(context.Background()); err != nil {
		return err
	}
	_, err = f.NewHandler(context.Background(), log.NewNopLogger())
	return err
}

// checkErrors configures the program with the arguments that are the keys. Each error
// must contain the value and be one line.
func checkErrors(t *testing.T, tests map[string]string) {
	t.Helper()
	for args, want := range tests {
		err := configure(args)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, want %s", args, err, want)
		}
	}
}
