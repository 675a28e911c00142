package config

import (
	"strings"
	"testing"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	otherID   = "8a3bd1c2a1b24c3d9e8f7a6b5c4d3e2f"

	// oneAccount is a valid configuration.
	oneAccount = "credentials: {default: {authorization: {credentials: x}}}\naccounts:\n- id: " + accountID + "\n"
)

// checkErrors parses the texts, which are the keys. Each error must contain the value,
// be one line and not quote a secret.
func checkErrors(t *testing.T, tests map[string]string) {
	t.Helper()
	for text, want := range tests {
		_, err := Parse([]byte(text))
		switch {
		case err == nil || !strings.Contains(err.Error(), want):
			t.Errorf("%q: got %v, want %s", text, err, want)
		case strings.Contains(err.Error(), "\n") || strings.Contains(err.Error(), "SECRET"):
			t.Errorf("%q: more than one line, or a secret: %v", text, err)
		}
	}
}
