// Package cfapi is a client for the part of Cloudflare's API that lists packet
// captures. It handles HTTP and JSON, and writes no log and no metrics.
package cfapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// DefaultBaseURL is the base URL of version 4 of Cloudflare's API.
const DefaultBaseURL = "https://api.cloudflare.com/client/v4"

// maxBody is the maximum size of a response body, in bytes.
const maxBody = 64 << 20

// A Client sends requests with one credential. Its zero value sends requests to
// Cloudflare without a credential. It is safe for concurrent use.
type Client struct {
	Name      string             // of the credential, for Limiter
	BaseURL   string             // without a trailing slash; "" is DefaultBaseURL
	Transport http.RoundTripper  // nil is http.DefaultTransport
	UserAgent string             // name and version of the program
	OnRequest func(Request)      // if not nil, called after each request sent
	Limiter   *ratelimit.Limiter // shared by all clients; nil applies no limit

	// Authorize returns the headers that authorize a request. It is called once for each
	// call, because the credential may be in a file that changes. If it is nil, requests are
	// sent without a credential.
	Authorize func(context.Context) (http.Header, error)
}

// Request describes one HTTP request after its end.
type Request struct {
	Endpoint   string        // the last word of its path, such as "pcaps"
	StatusCode int           // 0 if there was no response
	Duration   time.Duration // until the response was read or failed
	Retry      bool          // whether it repeats a request that failed
	Err        error         // nil if the response was read and decoded
}

// call is a request to be sent.
type call struct {
	ratelimit.Request
	endpoint string // for Request.Endpoint
	path     string // path and query after the base URL
}

// get sends a request and returns its response.
func get[T interface{ missing() bool }](ctx context.Context, c *Client, call call) (r response[T], err error) {
	err = c.get(ctx, call, func(body io.Reader) (err error) {
		r, err = decode[T](body)
		return err
	})
	return r, err
}

// get sends a request and retries transient failures. Once read has been
// called it does not retry, because read may have acted on its input.
func (c *Client) get(ctx context.Context, call call, read func(io.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err // nothing would be sent, so nothing must be counted
	}
	header, err := c.header(ctx)
	if err != nil {
		return err
	}
	limiter := cmp.Or(c.Limiter, new(ratelimit.Limiter))
	call.Credential, call.Secret = c.Name, hash(header)
	for attempt := 0; ; attempt++ {
		start := time.Now()
		done, held := limiter.Reserve(call.Request)
		if held != nil {
			return held
		}
		req, outcome := c.send(ctx, header, call, read)
		req.Retry, req.Duration = attempt > 0, time.Since(start)
		done(outcome)
		if !outcome.Sent && errors.Is(req.Err, ErrCredentials) {
			return req.Err // of the transport
		}
		if c.OnRequest != nil {
			c.OnRequest(req)
		}
		if !retryable(req.Err) || attempt == maxRetries || !pause(ctx, attempt, req.Duration) {
			return req.Err
		}
		call.Continuation = true
	}
}

// send sends one request.
func (c *Client) send(ctx context.Context, header http.Header, call call, read func(io.Reader) error) (Request, ratelimit.Outcome) {
	got, outcome := Request{Endpoint: call.endpoint}, ratelimit.Outcome{}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { outcome.Sent = true }})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cmp.Or(c.BaseURL, DefaultBaseURL)+call.path, once())
	if err != nil {
		got.Err = withoutURL(err)
		return got, outcome
	}
	req.Header = header.Clone()
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.UserAgent)
	// Not an http.Client: it would follow redirects, which could send the credential
	// elsewhere.
	transport := cmp.Or(c.Transport, http.DefaultTransport)
	resp, err := transport.RoundTrip(req)
	if err != nil {
		(&http.Client{Transport: transport}).CloseIdleConnections() // they may be dead, too
		got.Err = &transportError{err}
		return got, outcome
	}
	defer resp.Body.Close()
	got.StatusCode = resp.StatusCode
	got.Err = readResponse(resp, read)
	reason := ReasonOf(got.Err)
	return got, ratelimit.Outcome{
		Sent: true, Header: resp.Header,
		Accepted: got.Err == nil, Refused: reason == ReasonUnauthorized,
		TooMany: reason == ReasonRateLimited || resp.StatusCode == http.StatusTooManyRequests,
	}
}

func readResponse(resp *http.Response, read func(io.Reader) error) error {
	body := http.MaxBytesReader(nil, resp.Body, maxBody)
	if resp.StatusCode != http.StatusOK {
		return newError(resp, body)
	}
	return withRay(read(body), resp)
}

// once returns an empty body that cannot be read again. Over HTTP/1.1, an http.Transport repeats a
// request on its own only if it has no body or one that can be read again. It does so without a
// bound, and its caller cannot count these requests for a rate limit.
func once() io.Reader { return io.MultiReader() }

// RateLimit returns the state of the rate limit of the credential.
func (c *Client) RateLimit() ratelimit.Status {
	return cmp.Or(c.Limiter, new(ratelimit.Limiter)).Status(c.Name)
}

// header returns the headers that authorize a request.
func (c *Client) header(ctx context.Context) (http.Header, error) {
	if c.Authorize == nil {
		return make(http.Header), nil
	}
	header, err := c.Authorize(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCredentials, err)
	}
	return header, nil
}

// seed makes hashes of secrets useless outside of the process.
var seed = maphash.MakeSeed()

// hash returns a hash of the token or key.
func hash(header http.Header) uint64 {
	return maphash.String(seed, header.Get("Authorization")+"\n"+header.Get("X-Auth-Key"))
}

// withoutURL removes the URL, which may contain a password, from a parse error.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
