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
	"path"
	"strings"
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// DefaultBaseURL is the base URL of version 4 of Cloudflare's API.
const DefaultBaseURL = "https://api.cloudflare.com/client/v4"

// The endpoints, as values of Request.Endpoint.
const (
	EndpointAccounts  = "accounts"  // Client.Accounts
	EndpointCaptures  = "pcaps"     // Client.Captures
	EndpointOwnership = "ownership" // Client.Buckets
	EndpointVerify    = "verify"    // Client.Token
)

// maxBody is the maximum size of a response body, in bytes.
const maxBody = 64 << 20

// seed makes hashes of secrets useless outside of the process.
var seed = maphash.MakeSeed()

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
	Endpoint   string        // the last word of its path
	StatusCode int           // 0 if there was no response
	Duration   time.Duration // until the response was read or failed
	Retry      bool          // whether it repeats a request that failed
	Err        error         // nil if the response was read and decoded
}

// get sends a request and retries transient failures. Once read has been
// called it does not retry, because read may have acted on its input.
func (c *Client) get(ctx context.Context, target string, r ratelimit.Request, read func(io.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err // nothing would be sent, so nothing must be counted
	}
	header := make(http.Header)
	if c.Authorize != nil {
		var err error
		if header, err = c.Authorize(ctx); err != nil {
			return fmt.Errorf("%w: %w", ErrCredentials, err)
		}
	}
	limiter := cmp.Or(c.Limiter, new(ratelimit.Limiter))
	r.Credential, r.Secret = c.Name, maphash.String(seed, header.Get("Authorization")+"\n"+header.Get("X-Auth-Key"))
	for attempt := 0; ; attempt++ {
		start := time.Now()
		done, held := limiter.Reserve(r)
		if held != nil {
			return held
		}
		req, outcome := c.send(ctx, header, target, read)
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
		r.Continuation = true
	}
}

// send sends one request. The target is the path and query after the base URL.
func (c *Client) send(ctx context.Context, header http.Header, target string, read func(io.Reader) error) (Request, ratelimit.Outcome) {
	endpoint, _, _ := strings.Cut(target, "?")
	got, outcome := Request{Endpoint: path.Base(endpoint)}, ratelimit.Outcome{}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { outcome.Sent = true }})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cmp.Or(c.BaseURL, DefaultBaseURL)+target, once())
	if err != nil {
		got.Err = &redactedError{err}
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
		got.Err = &redactedError{err}
		return got, outcome
	}
	defer resp.Body.Close()
	got.StatusCode = resp.StatusCode
	body := http.MaxBytesReader(nil, resp.Body, maxBody)
	if resp.StatusCode == http.StatusOK {
		err = read(body)
	} else {
		err = newError(resp, body)
	}
	got.Err = withRay(err, resp)
	reason := ReasonOf(got.Err)
	return got, ratelimit.Outcome{
		Sent: true, Header: resp.Header,
		Accepted: got.Err == nil, Refused: reason == ReasonUnauthorized,
		TooMany: reason == ReasonRateLimited || resp.StatusCode == http.StatusTooManyRequests,
	}
}

// once returns an empty body that cannot be read again. Over HTTP/1.1, an http.Transport repeats a
// request on its own only if it has no body or one that can be read again. It does so without a
// bound, and its caller cannot count these requests for a rate limit.
func once() io.Reader { return io.MultiReader() }

// RateLimit returns the state of the rate limit of the credential.
func (c *Client) RateLimit() ratelimit.Status {
	return cmp.Or(c.Limiter, new(ratelimit.Limiter)).Status(c.Name)
}
