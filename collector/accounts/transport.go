package accounts

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
)

// transport is the transport of a credential. Once retired it keeps no idle connections.
type transport struct {
	next         http.RoundTripper
	proxy        func(*http.Request) (*url.URL, error)      // nil if there is none
	newTLSConfig func(context.Context) (*tls.Config, error) // nil if it reads no file
	retired      atomic.Bool
}

// newTransport returns a transport with the proxy and the TLS settings of cfg, for scrapes of at
// most the given duration. It is like promconfig.NewRoundTripperFromConfig, but it notices
// dead connections and reads files within bounds.
func newTransport(ctx context.Context, cfg promconfig.HTTPClientConfig, scrape time.Duration) (*transport, error) {
	tlsFiles := secretFiles{}
	settings, isFile := tlsFiles.settings(&cfg.TLSConfig)
	newTLSConfig := func(ctx context.Context) (*tls.Config, error) {
		return promconfig.NewTLSConfigWithContext(ctx, &cfg.TLSConfig, promconfig.WithSecretManager(tlsFiles))
	}
	tlsConfig, err := newTLSConfig(ctx)
	if err != nil {
		return nil, err
	}
	t := &transport{proxy: cfg.Proxy()}
	if !isFile {
		t.next = newHTTPTransport(&cfg, tlsConfig, scrape)
		return t, nil
	}
	t.newTLSConfig = newTLSConfig
	t.next, err = promconfig.NewTLSRoundTripperWithContext(ctx, tlsConfig, settings, func(tlsConfig *tls.Config) (http.RoundTripper, error) {
		return newHTTPTransport(&cfg, tlsConfig, scrape), nil
	})
	return t, err
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		if t.isSOCKS(req) {
			t.CloseIdleConnections() // ends the handshake with the proxy, which has no deadline
		}
		t.closeIfRetired()
		if req.Context().Err() == nil && !errors.Is(err, cfapi.ErrCredentials) {
			err = cmp.Or(t.checkFiles(req.Context()), err)
		}
		return nil, err
	}
	resp.Body = body{resp.Body, t}
	return resp, nil
}

// retire closes the idle connections, and the others after their requests. It does not wait,
// because its caller holds the lock of reloads.
func (t *transport) retire() {
	t.retired.Store(true)
	go t.CloseIdleConnections()
}

func (t *transport) closeIfRetired() {
	if t.retired.Load() {
		t.CloseIdleConnections()
	}
}

// CloseIdleConnections closes idle connections, and those being made that no request waits for.
func (t *transport) CloseIdleConnections() { (&http.Client{Transport: t.next}).CloseIdleConnections() }

func (t *transport) isSOCKS(req *http.Request) bool {
	if t.proxy == nil {
		return false
	}
	proxy, err := t.proxy(req)
	return err == nil && proxy != nil && strings.HasPrefix(proxy.Scheme, "socks5")
}

// checkFiles returns an error if a file for TLS is unusable. The error of the request does not
// show that.
func (t *transport) checkFiles(ctx context.Context) error {
	if t.newTLSConfig == nil {
		return nil
	}
	_, err := t.newTLSConfig(ctx)
	if err != nil && !errors.Is(err, cfapi.ErrCredentials) {
		err = fmt.Errorf("%w: %w", cfapi.ErrCredentials, err)
	}
	return err
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
