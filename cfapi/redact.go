package cfapi

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"regexp"
)

// quoted matches quotations of a response in errors of net/http and of the decoder. A malformed
// response may repeat the request, including the token, and have any length. A quotation mark that is
// itself quoted, as in '"' or `\u"`, begins no other quotation.
var quoted = regexp.MustCompile("'[\"`]'|`[^`]*`|" + `"(?:[^"\\]|\\.)*"`)

// redactedError is an error without its quotations.
type redactedError struct{ err error }

func (e *redactedError) Error() string {
	if _, ok := errors.AsType[x509.HostnameError](e.err); ok { // its text has all names of the certificate, unquoted
		return "x509: the certificate is not valid for the expected host name"
	}
	return fmt.Sprintf("%.300s", quoted.ReplaceAllString(e.err.Error(), `"…"`))
}

func (e *redactedError) Unwrap() error { return e.err }

// rayID matches a well-formed cf-ray id. Other values are dropped, because they
// may repeat the request.
var rayID = regexp.MustCompile(`^[0-9a-f]{16}(-[A-Z]{3})?$`)

// withRay adds the cf-ray id of the response to an error. Cloudflare's support asks for it.
func withRay(err error, resp *http.Response) error {
	ray := resp.Header.Get("Cf-Ray")
	if err == nil || !rayID.MatchString(ray) {
		return err
	}
	return fmt.Errorf("%w, cf-ray %q", err, ray)
}
