package cfapi

import (
	"fmt"
	"net/http"
	"regexp"
)

// quoted is a part of an answer in an error of net/http's or the decoder's.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// withoutQuotes is the text of an error without what it quotes: an answer that
// is none may repeat what was sent, the token too, and be of any length.
func withoutQuotes(err error) string {
	return fmt.Sprintf("%.300s", quoted.ReplaceAllString(err.Error(), `"…"`))
}

// transportError is one without an answer.
type transportError struct{ err error }

func (e *transportError) Error() string { return withoutQuotes(e.err) }

func (e *transportError) Unwrap() error { return e.err }

// rayForm is that of what names a request; anything else is not to be repeated.
var rayForm = regexp.MustCompile(`^[0-9a-f]{16}(-[A-Z]{3})?$`)

// ray returns the cf-ray header, which Cloudflare's support asks for.
func ray(resp *http.Response) string {
	if ray := resp.Header.Get("Cf-Ray"); rayForm.MatchString(ray) {
		return ray
	}
	return ""
}
