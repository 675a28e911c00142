package config

import (
	"strings"
	"testing"
)

// Errors describe the mistake and quote nothing.
func TestCheckToken(t *testing.T) {
	for text, want := range map[string]string{
		"x": "", " v1.0-_~+/==\n": "", "cfut_Ab-9_x": "",
		"":                      "the token is empty",
		" \n\t":                 "the token is empty",
		`"SECRET"`:              "the token is in quotes: remove them",
		"'SECRET":               "the token is in quotes: remove them",
		"`SECRET`":              "the token is in quotes: remove them",
		"Bearer SECRET":         `the token starts with "Bearer": remove it`,
		"bearer SECRET":         `the token starts with "Bearer": remove it`,
		"CF_API_TOKEN=SECRET":   "the token starts with the name of a variable: remove it",
		"export TOKEN=SECRET":   "the token starts with the name of a variable: remove it",
		"\ufeffSECRET":          "the token starts with a byte order mark: save the file as plain text",
		"\xff\xfeS\x00E\x00":    "the token is in UTF-16: save the file as plain text",
		"\xfe\xff\x00S\x00E":    "the token is in UTF-16: save the file as plain text",
		"S\x00E\x00C\x00":       "the token is in UTF-16: save the file as plain text",
		"SECRET\nSECRET":        "the token has several lines: remove the others",
		"SECRET\r\n# a comment": "the token has several lines: remove the others",
		"SECRET SECRET":         "the token has a space or another character than visible ASCII: write it again",
		"SECRÉT":                "the token has a space or another character than visible ASCII: write it again",
		"SEC\x7fRET":            "the token has a space or another character than visible ASCII: write it again",
		"“SECRET”":              "the token has a space or another character than visible ASCII: write it again",
		"SECRET!":               "the token has characters other than letters, digits and -._~+/",
		"=":                     "the token has characters other than letters, digits and -._~+/",
		"ops@example.com":       "the token has characters other than letters, digits and -._~+/",
	} {
		got := ""
		if err := CheckToken(text); err != nil {
			got = err.Error()
		}
		if got != want || strings.Contains(got, "SEC") {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if err := CheckHeader("ops@example.com\n"); err != nil {
		t.Errorf("an email address: %v", err)
	}
}
