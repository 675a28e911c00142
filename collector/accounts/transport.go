package accounts

import (
	"io"
	"net/http"
	"sync/atomic"
)

// transport sends no request without its credential. Once retired it keeps no idle
// connections.
type transport struct {
	next    http.RoundTripper
	check   func() error // returns an error if the credential cannot be read
	retired atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.check(); err != nil {
		return nil, err
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		t.closeIfRetired()
		return nil, err
	}
	resp.Body = body{resp.Body, t}
	return resp, nil
}

// retire closes the idle connections, and each other one after its request.
func (t *transport) retire() {
	t.retired.Store(true)
	t.closeIfRetired()
}

func (t *transport) closeIfRetired() {
	if t.retired.Load() {
		(&http.Client{Transport: t.next}).CloseIdleConnections()
	}
}

// body is the body of a response.
type body struct {
	io.ReadCloser
	transport *transport
}

// Close implements io.Closer.
func (b body) Close() error {
	defer b.transport.closeIfRetired()
	return b.ReadCloser.Close()
}
