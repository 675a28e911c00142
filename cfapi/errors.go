package cfapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// A Reason is the kind of a failure, for counters and for hints.
type Reason string

// The reasons. Each failure has exactly one.
const (
	ReasonCredentials  Reason = "credentials"  // the token cannot be read: nothing was sent
	ReasonUnauthorized Reason = "unauthorized" // 401
	ReasonForbidden    Reason = "forbidden"    // 403
	ReasonRateLimited  Reason = "rate_limited" // 429, or held back to avoid one
	ReasonRejected     Reason = "rejected"     // 3xx, any other 4xx, "success": false
	ReasonServer       Reason = "server"       // 5xx
	ReasonTimeout      Reason = "timeout"      // no answer, or not all of it, in time
	ReasonNetwork      Reason = "network"      // no answer
	ReasonDecode       Reason = "decode"       // not the API's JSON, cut off, or too long
)

// Reasons returns every reason.
func Reasons() []Reason {
	return []Reason{
		ReasonCredentials, ReasonUnauthorized, ReasonForbidden, ReasonRateLimited, ReasonRejected,
		ReasonServer, ReasonTimeout, ReasonNetwork, ReasonDecode,
	}
}

// ErrCredentials is what a Client's Transport returns, wrapped, if it cannot
// read the credential.
var ErrCredentials = errors.New("cannot read the credential")

// An Error is an answer of the API that refuses the request. The API's own
// words are left out: they may repeat what was sent.
type Error struct {
	StatusCode int           // of HTTP; 200 if the envelope said "success": false
	Code       int           // Cloudflare's: 10000 is a bad token or a missing permission; 0 if it gave none
	Ray        string        // the cf-ray header, which Cloudflare's support asks for; "" if it is not of its form
	RetryAfter time.Duration // 0 if it named none
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "the API answered %d", e.StatusCode)
	if text := http.StatusText(e.StatusCode); text != "" {
		b.WriteString(" " + text)
	}
	if e.Code != 0 {
		fmt.Fprintf(&b, ", error code %d", e.Code)
	}
	if e.RetryAfter != 0 {
		fmt.Fprintf(&b, ", retry after %v", e.RetryAfter)
	}
	if e.Ray != "" {
		fmt.Fprintf(&b, ", cf-ray %q", e.Ray)
	}
	return b.String()
}

// decodeError is an answer that is not what the API documents.
type decodeError struct {
	err error
	ray string
}

func (e *decodeError) Error() string {
	if e.ray == "" {
		return "decoding the answer: " + withoutQuotes(e.err)
	}
	return fmt.Sprintf("decoding the answer with cf-ray %q: %s", e.ray, withoutQuotes(e.err))
}

func (e *decodeError) Unwrap() error { return e.err }

// ReasonOf returns the kind of a failure.
func ReasonOf(err error) Reason {
	if refused, ok := errors.AsType[*Error](err); ok {
		return refused.reason()
	}
	if _, ok := errors.AsType[*HoldOffError](err); ok {
		return ReasonRateLimited
	}
	netErr, ok := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, ErrCredentials):
		return ReasonCredentials
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), ok && netErr.Timeout():
		return ReasonTimeout
	}
	if _, ok := errors.AsType[*decodeError](err); ok {
		return ReasonDecode
	}
	return ReasonNetwork
}

func (e *Error) reason() Reason {
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

// newError reads the refusal. A body that is not the API's, such as the HTML of
// a proxy, must not hide the status.
func newError(resp *http.Response, body io.Reader) *Error {
	e := &Error{
		StatusCode: resp.StatusCode,
		Ray:        ray(resp),
		RetryAfter: retryAfter(time.Now(), resp.Header),
	}
	const enough = 64 << 10
	body = io.LimitReader(body, enough)
	d := newDecoder(body)
	env, _ := d.envelope(d.SkipValue)
	e.Code = env.code
	_, _ = io.Copy(io.Discard, body) // a connection is used again only once it has been read
	return e
}

// withRay completes an error of reading an answer with that answer's name.
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
