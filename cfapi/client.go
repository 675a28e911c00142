// Package cfapi is a client for the part of Cloudflare's API that lists packet
// captures. It knows HTTP and JSON; it logs nothing and knows no metrics.
package cfapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// DefaultBaseURL is where Cloudflare serves version 4 of its API.
const DefaultBaseURL = "https://api.cloudflare.com/client/v4"

// maxBody bounds what is read of one answer, in bytes.
const maxBody = 64 << 20

// A Client calls the API with one credential. Its zero value calls Cloudflare
// without any. It may be used by many goroutines at once, and must not be
// copied once used.
type Client struct {
	BaseURL   string            // without a slash at its end; "" is DefaultBaseURL
	Transport http.RoundTripper // adds the credential; nil is http.DefaultTransport
	UserAgent string            // names the program and its version
	Done      func(Request)     // if not nil, called after each request sent

	// RateLimit is how many requests may go out in any 5 minutes, so that the rest
	// of what the API allows is left to others; 0 is no limit but the API's.
	RateLimit int

	first  sync.Once
	limits *budget
}

// ShareLimits has the client go on with what another knows of the API's limits,
// and has used up of them: for both have the same token. It is for a client that
// has not been used.
func (c *Client) ShareLimits(other *Client) { c.limits = other.budget() }

func (c *Client) budget() *budget {
	c.first.Do(func() {
		if c.limits == nil {
			c.limits = new(budget)
		}
	})
	return c.limits
}

// Request is one HTTP request that has ended.
type Request struct {
	Endpoint   string        // the last word of its path: "pcaps"
	StatusCode int           // 0 if no answer came
	Duration   time.Duration // until the answer was read to its end, or failed
	Retry      bool          // whether it repeats one that failed
	Err        error         // nil if it was answered, and the answer understood
}

// A call is a request to be made.
type call struct {
	endpoint string // for Request
	path     string // and query, after the BaseURL
	account  string // whose turn it takes; "" if it is no account's
	further  bool   // of a listing under way: a later page, or a retry
	yields   bool   // to the accounts' turns
}

// get reads one answer, trying again after failures that may pass. Once read
// has been called nothing is tried again, for it may have acted on its input.
func (c *Client) get(ctx context.Context, call call, read func(io.Reader) error) error {
	if err := ctx.Err(); err != nil {
		return err // nothing would be sent, and so nothing is to be counted
	}
	for attempt := 0; ; attempt++ {
		start := time.Now()
		req := Request{Endpoint: call.endpoint, Retry: attempt > 0}
		f, err := c.budget().begin(c.RateLimit, call)
		if err != nil {
			return err
		}
		req.StatusCode, req.Err = c.send(ctx, f, call.path, read)
		f.end(req.StatusCode, req.Err)
		req.Duration = time.Since(start)
		if c.Done != nil && !errors.Is(req.Err, ErrCredentials) {
			c.Done(req)
		}
		if !retryable(req.Err) || attempt == maxRetries || !pause(ctx, attempt, req.Duration) {
			return req.Err
		}
		call.further = true
	}
}

// send makes one request and returns the status of its answer, 0 if none came.
func (c *Client) send(ctx context.Context, f *flight, path string, read func(io.Reader) error) (int, error) {
	base := c.BaseURL
	if base == "" {
		base = DefaultBaseURL
	}
	req, err := http.NewRequestWithContext(f.trace(ctx), http.MethodGet, base+path, http.NoBody)
	if err != nil {
		return 0, withoutURL(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.UserAgent)
	transport := c.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	// An http.Client would read the Location of a redirect, and fail if it cannot:
	// no redirect is followed, so that the credential is sent nowhere else.
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, &transportError{err}
	}
	defer resp.Body.Close()
	f.observe(resp)
	body := http.MaxBytesReader(nil, resp.Body, maxBody)
	if resp.StatusCode != http.StatusOK {
		return resp.StatusCode, newError(resp, body)
	}
	return resp.StatusCode, withRay(read(body), resp)
}

// withoutURL drops the URL, which may hold a password, from an error to parse it.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}
