package captures

import (
	"strings"
	"testing"
)

func TestCleanMessage(t *testing.T) {
	for text, want := range map[string]string{ //nolint:gosec // none of these opens anything
		"no packets matched":                           "no packets matched",
		"upload to s3://b/d?key=secret: denied":        "upload to s3://b/d denied",
		"upload to s3://b/d#secret failed":             "upload to s3://b/d failed",
		"r2://key:secret@b/d and gs://a:secret@c/d":    "r2://b/d and gs://c/d",
		"r2://key:sec/ret@b/d?k=secret&l=secret (403)": "r2://b/d (403)",
		"x\u009b31m\u202e\u0085\r\n":                   `x\u009b31m\u202e\u0085\r\n`,
		strings.Repeat("x", 300):                       strings.Repeat("x", 300),
		strings.Repeat("é", 151):                       strings.Repeat("é", 148) + "…",
	} {
		if got := CleanMessage(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
