package cfapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// A Reason is the kind of a failure.
type Reason string

// The reasons. Each failure has exactly one of them.
const (
	ReasonCredentials  Reason = "credentials"  // the credential or a file for TLS cannot be used
	ReasonUnauthorized Reason = "unauthorized" // 401, or an error code for a bad credential
	ReasonForbidden    Reason = "forbidden"    // 403
	ReasonRateLimited  Reason = "rate_limited" // 429, or not sent because of a rate limit
	ReasonRejected     Reason = "rejected"     // 3xx, any other 4xx, "success": false
	ReasonServer       Reason = "server"       // 5xx
	ReasonTimeout      Reason = "timeout"      // no complete response in time
	ReasonNetwork      Reason = "network"      // no response, or no connection because too many files are open
	ReasonDecode       Reason = "decode"       // not JSON of the API, truncated, or too long
)

// Reasons returns every reason.
func Reasons() []Reason {
	return []Reason{
		ReasonCredentials, ReasonUnauthorized, ReasonForbidden, ReasonRateLimited, ReasonRejected,
		ReasonServer, ReasonTimeout, ReasonNetwork, ReasonDecode,
	}
}

// ErrCredentials is the error, wrapped, of a request whose credential, or a file for TLS,
// cannot be used.
var ErrCredentials = errors.New("cannot use the credential")

// An Error is a response that refuses the request. It leaves out the API's error
// message, which may repeat the request.
type Error struct {
	StatusCode int           // HTTP status; 200 with "success": false
	Code       int           // Cloudflare's error code; 0 if there was none
	Ray        string        // the cf-ray id, which Cloudflare's support asks for; "" if absent or malformed
	RetryAfter time.Duration // 0 if absent or malformed
	Redirect   string        // host of a redirect; "" if there is none, or its name is unusual
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the API responded %d", e.StatusCode)
	if text := http.StatusText(e.StatusCode); text != "" {
		b.WriteString(" " + text)
	}
	if e.Code != 0 {
		fmt.Fprintf(&b, ", error code %d", e.Code)
	}
	if e.Redirect != "" {
		fmt.Fprintf(&b, ", a redirect to %s", e.Redirect)
	}
	if e.RetryAfter != 0 {
		fmt.Fprintf(&b, ", retry after %v", e.RetryAfter)
	}
	if e.Ray != "" {
		fmt.Fprintf(&b, ", cf-ray %q", e.Ray)
	}
	return b.String()
}

// decodeError is the error of a response that does not have the documented form.
type decodeError struct {
	err error
	ray string
}

func (e *decodeError) Error() string {
	if e.ray == "" {
		return "decoding the response: " + withoutQuotes(e.err)
	}
	return fmt.Sprintf("decoding the response with cf-ray %q: %s", e.ray, withoutQuotes(e.err))
}

func (e *decodeError) Unwrap() error { return e.err }

// ReasonOf returns the reason of a failure.
func ReasonOf(err error) Reason {
	if refused, ok := errors.AsType[*Error](err); ok {
		return refused.reason()
	}
	if held, ok := errors.AsType[*ratelimit.HoldOffError](err); ok && held.Cause == ratelimit.CauseRefused {
		return ReasonUnauthorized
	} else if ok {
		return ReasonRateLimited
	}
	netErr, ok := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), ok && netErr.Timeout():
		return ReasonTimeout
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE): // whatever was to be opened
		return ReasonNetwork
	case errors.Is(err, ErrCredentials):
		return ReasonCredentials
	}
	if _, ok := errors.AsType[*decodeError](err); ok {
		return ReasonDecode
	}
	return ReasonNetwork
}

func (e *Error) reason() Reason {
	isFinal := e.StatusCode == http.StatusOK || e.StatusCode >= http.StatusBadRequest && e.StatusCode < http.StatusInternalServerError
	if isFinal || e.Code == codeInvalidToken {
		if reason, ok := reasonByCode[e.Code]; ok && (e.Code != codeAuthentication || e.StatusCode != http.StatusForbidden) {
			return reason
		}
	}
	switch {
	case e.StatusCode == http.StatusUnauthorized:
		return ReasonUnauthorized
	case e.StatusCode == http.StatusForbidden:
		return ReasonForbidden
	case e.StatusCode == http.StatusTooManyRequests:
		return ReasonRateLimited
	case e.StatusCode >= http.StatusInternalServerError:
		return ReasonServer
	}
	return ReasonRejected
}

// newError reads a response that refuses the request. A body that is not JSON, such
// as the HTML of a proxy, must not hide the status.
func newError(resp *http.Response, body io.Reader) *Error {
	e := &Error{
		StatusCode: resp.StatusCode,
		Ray:        ray(resp),
		RetryAfter: ratelimit.RetryAfter(resp.Header),
		Redirect:   redirect(resp),
	}
	if e.StatusCode == http.StatusSwitchingProtocols {
		return e // the body is the connection, and no context interrupts reading it
	}
	const enough = 64 << 10
	body = io.LimitReader(body, enough)
	var r response[jsontext.Value]
	_ = unmarshal(body, &r) // what precedes an error counts
	e.Code = r.code()
	_, _ = io.Copy(io.Discard, body) // a connection is reused only if its response was read
	return e
}

// withRay adds the cf-ray id of the response to an error of reading it.
func withRay(err error, resp *http.Response) error {
	ray := ray(resp)
	if refused, ok := errors.AsType[*Error](err); ok {
		refused.Ray = ray
	}
	if undecoded, ok := errors.AsType[*decodeError](err); ok {
		undecoded.ray = ray
	}
	return err
}
