package cfapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
)

// errRepeated is the error of a request that net/http would have repeated.
var errRepeated = errors.New("the connection was lost before the response")

// SendOnce returns a round tripper that sends each request at most once. On its own, an
// http.Transport repeats a request if a kept connection breaks, and over HTTP/2 after
// GOAWAY and REFUSED_STREAM. It does so without a bound, and the caller cannot count these
// requests for a rate limit. SendOnce sets a hook in t, so t must not be in use.
func SendOnce(t *http.Transport) http.RoundTripper {
	proxy := t.Proxy
	// The transport calls Proxy before each attempt to get a connection.
	t.Proxy = func(r *http.Request) (*url.URL, error) {
		if a, ok := r.Context().Value(attemptKey{}).(*attempt); ok && a.sent.Load() {
			return nil, errRepeated
		}
		if proxy == nil {
			return nil, nil
		}
		return proxy(r)
	}
	return sendOnce{t}
}

type sendOnce struct{ *http.Transport }

type attemptKey struct{}

// attempt is the one attempt to send a request.
type attempt struct{ sent atomic.Bool }

// RoundTrip implements http.RoundTripper.
func (t sendOnce) RoundTrip(r *http.Request) (*http.Response, error) {
	a := new(attempt)
	ctx, cancel := context.WithCancelCause(context.WithValue(r.Context(), attemptKey{}, a))
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) {
		if a.sent.Swap(true) {
			cancel(errRepeated) // HTTP/2 looks for connections by itself, but sends nothing after this
		}
	}})
	resp, err := t.Transport.RoundTrip(r.WithContext(ctx))
	if errors.Is(context.Cause(ctx), errRepeated) {
		err = errRepeated
	}
	if errors.Is(err, errRepeated) {
		t.CloseIdleConnections() // other kept connections may be lost, too
	}
	if err != nil {
		cancel(nil)
		return nil, err
	}
	resp.Body = &cancelBody{resp.Body, cancel}
	return resp, nil
}

// cancelBody ends the context of a request when its response is closed.
type cancelBody struct {
	io.ReadCloser
	cancel context.CancelCauseFunc
}

// Close implements io.Closer.
func (b *cancelBody) Close() error {
	defer b.cancel(nil)
	return b.ReadCloser.Close()
}
