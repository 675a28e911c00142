package simulation

import (
	"context"
	"net"
	"net/http"
	"time"
)

// Pipe returns a transport to a server of the handler, for tests in a synctest bubble: they are
// connected by pipes, because time does not advance while a goroutine waits for a socket.
func Pipe(handler http.Handler) (transport *http.Transport, stop func()) {
	pipes := pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(pipes) }() // it ends with the listener
	transport = &http.Transport{MaxIdleConnsPerHost: 100, DialContext: pipes.dial}
	return transport, func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	}
}

// pipeListener accepts the connections of its dial method.
type pipeListener struct {
	net.Listener
	conns  chan net.Conn
	closed chan struct{}
}

func (l pipeListener) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case l.conns <- server:
		return client, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Accept implements net.Listener.
func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (l pipeListener) Close() error {
	close(l.closed)
	return nil
}
