package accounts

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"net/url"
	"time"

	promconfig "github.com/prometheus/common/config"
)

// HTTP/2 connections that died silently are closed after the sum of these times, even if no
// request waits for them. So only one scrape fails at an interval of 15 s, and two at 5 s.
const (
	pingInterval = 5 * time.Second // without a frame from the server
	pingTimeout  = 4 * time.Second
)

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
