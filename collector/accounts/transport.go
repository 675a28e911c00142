package accounts

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"sync/atomic"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// transport is the transport of a credential. Once retired it keeps no idle connections.
type transport struct {
	next    http.RoundTripper
	retired atomic.Bool
}

// newTransport returns a transport with the proxy and the TLS settings of cfg. It is
// like promconfig.NewRoundTripperFromConfig, but it sends each request once, notices
// dead connections, and reads files within bounds.
func newTransport(ctx context.Context, cfg promconfig.HTTPClientConfig, files *config.FileReader) (*transport, error) {
	tlsFiles := secretFiles{files}
	settings, isFile := tlsFiles.settings(&cfg.TLSConfig)
	tlsConfig, err := promconfig.NewTLSConfigWithContext(ctx, &cfg.TLSConfig, promconfig.WithSecretManager(tlsFiles))
	if err != nil {
		return nil, err
	}
	if !isFile {
		return &transport{next: cfapi.SendOnce(newHTTPTransport(&cfg, tlsConfig))}, nil
	}
	next, err := promconfig.NewTLSRoundTripperWithContext(ctx, tlsConfig, settings, func(tlsConfig *tls.Config) (http.RoundTripper, error) {
		return cfapi.SendOnce(newHTTPTransport(&cfg, tlsConfig)), nil
	})
	return &transport{next: next}, err
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		t.closeIfRetired()
		return nil, err
	}
	resp.Body = body{resp.Body, t}
	return resp, nil
}

// retire closes the idle connections now, and the others after their requests.
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
