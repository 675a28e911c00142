package cfapi_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// servePiped is serve for a synctest bubble: the HTTP of both sides is real,
// but the connections are pipes, since time stands still while anyone waits
// for a socket.
func servePiped(t *testing.T) (*cfapitest.API, *cfapi.Client) {
	t.Helper()
	api := newAPI()
	return api, servePipedHandler(t, api)
}

func servePipedHandler(t *testing.T, handler http.Handler) *cfapi.Client {
	t.Helper()
	pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(pipes) }() // it ends with the listener
	t.Cleanup(func() { _ = server.Close() })
	transport := &http.Transport{DialContext: pipes.dial}
	t.Cleanup(transport.CloseIdleConnections)
	return &cfapi.Client{BaseURL: "http://pipe.invalid", Transport: withToken(transport)}
}

// pipeListener accepts what its own dial offers.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-l.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }
