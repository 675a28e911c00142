package collector

import (
	"io"
	"net/http"
	"sync/atomic"
)

// transport sends nothing without its credential, and keeps no connection once
// it has been retired: those of requests under way end with them.
type transport struct {
	next       http.RoundTripper
	credential *credential
	retired    atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.credential.Check(); err != nil {
		return nil, err
	}
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		t.ended()
		return nil, err
	}
	resp.Body = body{resp.Body, t}
	return resp, nil
}

// retire has no connection kept for later.
func (t *transport) retire() {
	t.retired.Store(true)
	t.ended()
}

// ended closes what is idle after a request, if none is expected.
func (t *transport) ended() {
	if t.retired.Load() {
		(&http.Client{Transport: t.next}).CloseIdleConnections()
	}
}

// body is that of an answer.
type body struct {
	io.ReadCloser
	transport *transport
}

// Close implements io.Closer.
func (b body) Close() error {
	defer b.transport.ended()
	return b.ReadCloser.Close()
}
