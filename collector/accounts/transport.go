package accounts

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// HTTP/2 connections that died silently are closed after the sum of these times, even if no
// request waits for them. So only one scrape fails at an interval of 15 s, and two at 5 s.
const (
	pingInterval = 5 * time.Second // without a frame from the server
	pingTimeout  = 4 * time.Second
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

func newHTTPTransport(cfg *promconfig.HTTPClientConfig, tlsConfig *tls.Config) *http.Transport {
	t := &http.Transport{
		Proxy:                  cfg.Proxy(),
		ProxyConnectHeader:     cfg.GetProxyConnectHeader(),
		OnProxyConnectResponse: checkConnect,
		DialContext:            newDialer().dial,
		TLSClientConfig:        tlsConfig,
		TLSHandshakeTimeout:    10 * time.Second,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    1000,
		IdleConnTimeout:        5 * time.Minute,
		Protocols:              new(http.Protocols),
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingInterval, PingTimeout: pingTimeout},
	}
	t.Protocols.SetHTTP1(true)
	t.Protocols.SetHTTP2(cfg.EnableHTTP2)
	return t
}

// checkConnect replaces an error of net/http that quotes the proxy's reason phrase.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy responded %d to CONNECT", resp.StatusCode)
	}
	return nil
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
