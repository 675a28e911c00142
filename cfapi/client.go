// Package cfapi is a client for the part of Cloudflare's API that lists packet
// captures. It knows HTTP and JSON. It writes no log and no metrics.
package cfapi

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// DefaultBaseURL is the base URL of version 4 of Cloudflare's API.
const DefaultBaseURL = "https://api.cloudflare.com/client/v4"

// maxBody is the maximum size of a response body, in bytes.
const maxBody = 64 << 20

// A Client sends requests with one credential. Its zero value sends them to
// Cloudflare without any. It is safe for concurrent use.
type Client struct {
	BaseURL   string             // without a trailing slash; "" is DefaultBaseURL
	Transport http.RoundTripper  // adds the credential; nil is http.DefaultTransport
	UserAgent string             // name and version of the program
	OnRequest func(Request)      // if not nil, called after each request sent
	Limiter   *ratelimit.Limiter // shared by all clients with this credential; nil applies no limit
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

// get sends a request and retries failures that may pass. Once read has been
// called it does not retry, because read may have acted on its input.
func (c *Client) get(ctx context.Context, call call, read func(io.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err // nothing would be sent, so nothing must be counted
	}
	limiter := cmp.Or(c.Limiter, new(ratelimit.Limiter))
	for attempt := 0; ; attempt++ {
		start := time.Now()
		reservation, err := limiter.Reserve(call.Request)
		if err != nil {
			return err
		}
		req := Request{Endpoint: call.endpoint, Retry: attempt > 0}
		req.StatusCode, req.Err = c.send(ctx, reservation, call.path, read)
		req.Duration = time.Since(start)
		if errors.Is(req.Err, ErrCredentials) {
			reservation.Cancel()
			return req.Err
		}
		reservation.Done(req.StatusCode != 0)
		if c.OnRequest != nil {
			c.OnRequest(req)
		}
		if !retryable(req.Err) || attempt == maxRetries || !pause(ctx, attempt, req.Duration) {
			return req.Err
		}
		call.Continuation = true
	}
}

// send sends one request and returns the status of the response, 0 if there was none.
func (c *Client) send(ctx context.Context, r *ratelimit.Reservation, path string, read func(io.Reader) error) (int, error) {
	url := cmp.Or(c.BaseURL, DefaultBaseURL) + path
	req, err := http.NewRequestWithContext(r.WithTrace(ctx), http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, withoutURL(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.UserAgent)
	// Not an http.Client: it would follow redirects, which could send the credential
	// elsewhere.
	resp, err := cmp.Or(c.Transport, http.DefaultTransport).RoundTrip(req)
	if err != nil {
		return 0, &transportError{err}
	}
	defer resp.Body.Close()
	r.Update(resp)
	body := http.MaxBytesReader(nil, resp.Body, maxBody)
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode, newError(resp, body)
	}
	return resp.StatusCode, withRay(read(body), resp)
}

// withoutURL removes the URL, which may contain a password, from a parse error.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
