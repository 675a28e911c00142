package accounts

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"time"

	promconfig "github.com/prometheus/common/config"
	"golang.org/x/net/http2"
)

// HTTP/2 connections that died silently are closed after the sum of these times, even if no
// request waits for them. So only one scrape fails at an interval of 15 s, and two at 5 s.
const (
	pingInterval = 5 * time.Second // without a frame from the server
	pingTimeout  = 4 * time.Second
)

// maxResponseHeader is the maximum size of the header of a response, in bytes.
const maxResponseHeader = 64 << 10

func newHTTPTransport(cfg *promconfig.HTTPClientConfig, tlsConfig *tls.Config, scrape time.Duration) *http.Transport {
	t := &http.Transport{
		Proxy:                  cfg.Proxy(),
		ProxyConnectHeader:     cfg.GetProxyConnectHeader(),
		OnProxyConnectResponse: checkConnect,
		DialContext:            newDialer(scrape).dial,
		TLSClientConfig:        tlsConfig,
		TLSHandshakeTimeout:    10 * time.Second,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    1000,
		IdleConnTimeout:        5 * time.Minute,
		MaxResponseHeaderBytes: maxResponseHeader,
		Protocols:              new(http.Protocols),
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingInterval, PingTimeout: pingTimeout},
	}
	t.Protocols.SetHTTP1(true)
	t.Protocols.SetHTTP2(cfg.EnableHTTP2)
	if cfg.EnableHTTP2 {
		// In Go 1.26, the HTTP/2 of net/http deadlocks if a WINDOW_UPDATE exceeds a stream's
		// window. From Go 1.27, x/net uses the one of net/http: if TestBrokenHTTP2 passes
		// without this line, delete it. An error would mean that t has an HTTP/2 already.
		_ = http2.ConfigureTransport(t) //nolint:staticcheck // deprecated for the HTTP/2 of net/http
	}
	return t
}

// checkConnect replaces an error of net/http that quotes the proxy's reason phrase.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy responded %d to CONNECT", resp.StatusCode)
	}
	return nil
}
