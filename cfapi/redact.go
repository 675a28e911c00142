package cfapi

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"regexp"
)

// quoted matches quotations of a response in errors of net/http and of the decoder.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// withoutQuotes returns the text of err without its quotations. A malformed
// response may repeat the request, including the token, and have any length.
func withoutQuotes(err error) string {
	return fmt.Sprintf("%.300s", quoted.ReplaceAllString(err.Error(), `"…"`))
}

// transportError is the error of a request without a response.
type transportError struct{ err error }

func (e *transportError) Error() string {
	if _, ok := errors.AsType[x509.HostnameError](e.err); ok { // its text has all names of the certificate, unquoted
		return "x509: the certificate is not valid for the expected host name"
	}
	return withoutQuotes(e.err)
}

func (e *transportError) Unwrap() error { return e.err }

// rayID matches a well-formed cf-ray id. Other values are dropped, because they
// may repeat the request.
var rayID = regexp.MustCompile(`^[0-9a-f]{16}(-[A-Z]{3})?$`)

// ray returns the cf-ray id of the response, or "". Cloudflare's support asks for it.
func ray(resp *http.Response) string {
	if ray := resp.Header.Get("Cf-Ray"); rayID.MatchString(ray) {
		return ray
	}
	return ""
}

// hostName matches the names of hosts that are logged. No part of them can be a token.
var hostName = regexp.MustCompile(`^([a-z0-9-]{1,30}\.){0,9}[a-z0-9-]{1,30}(:[0-9]{1,5})?$`)

// redirect returns the host that the response points to, without the rest of the URL, or "".
func redirect(resp *http.Response) string {
	if location, err := resp.Location(); err == nil && hostName.MatchString(location.Host) {
		return location.Host
	}
	return ""
}
