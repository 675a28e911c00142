package cfapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

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

// ErrCredentials is wrapped by the errors of requests whose credential or TLS file cannot be
// used.
var ErrCredentials = errors.New("cannot use the credential")

// errDecode is wrapped by the errors of responses that do not have the documented form.
var errDecode = errors.New("decoding the response")

// An Error is a response that refuses the request. It leaves out the API's error
// message, which may repeat the request.
type Error struct {
	StatusCode int           // HTTP status; 200 with "success": false
	Code       int           // Cloudflare's error code; 0 if there was none
	RetryAfter time.Duration // 0 if absent or malformed
}

func (e *Error) Error() string {
	text := strings.TrimSpace(fmt.Sprintf("the API responded %d %s", e.StatusCode, http.StatusText(e.StatusCode)))
	if e.Code != 0 {
		text += fmt.Sprintf(", error code %d", e.Code)
	}
	if e.RetryAfter != 0 {
		text += fmt.Sprintf(", retry after %v", e.RetryAfter)
	}
	return text
}

// ReasonOf returns the reason of a failure, or "" if err is nil.
func ReasonOf(err error) Reason {
	refused, isRefused := errors.AsType[*Error](err)
	held, isHeld := errors.AsType[*ratelimit.HoldOffError](err)
	netErr, isNet := errors.AsType[net.Error](err)
	switch {
	case err == nil:
		return ""
	case isRefused:
		return refused.reason()
	case isHeld && held.Cause == ratelimit.CauseRefused:
		return ReasonUnauthorized
	case isHeld:
		return ReasonRateLimited
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), isNet && netErr.Timeout():
		return ReasonTimeout
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE): // whatever was to be opened
		return ReasonNetwork
	case errors.Is(err, ErrCredentials):
		return ReasonCredentials
	case errors.Is(err, errDecode):
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
	e := &Error{StatusCode: resp.StatusCode, RetryAfter: ratelimit.RetryAfter(resp.Header)}
	if e.StatusCode == http.StatusSwitchingProtocols {
		return e // the body is the connection, and no context interrupts reading it
	}
	const enough = 64 << 10
	body = io.LimitReader(body, enough)
	var r response[object[struct{}]]
	_ = unmarshal(body, &r)          // what precedes an error counts
	e.Code = cmp.Or(r.Errors...)     // the first one
	_, _ = io.Copy(io.Discard, body) // a connection is reused only if its response was read
	return e
}
