package accounts

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// connectTimeout is the maximum duration of a lookup and a connection attempt. It leaves time for
// a second name server, which the resolver queries after 5 s for each name of the search list.
const connectTimeout = 15 * time.Second

// maxResponseHeader is the maximum size of the header of a response, in bytes.
const maxResponseHeader = 64 << 10

// newTransport returns a transport for HTTP/1.1 with the proxy and the TLS settings of cfg. Files
// for TLS are read again for each request. The IP version is any, 4 or 6.
func newTransport(ctx context.Context, cfg promconfig.HTTPClientConfig, ipVersion string) (http.RoundTripper, error) {
	var files promconfig.TLSRoundTripperSettings
	for reader, path := range map[*promconfig.SecretReader]string{
		&files.CA: cfg.TLSConfig.CAFile, &files.Cert: cfg.TLSConfig.CertFile, &files.Key: cfg.TLSConfig.KeyFile,
	} {
		if path == "" {
			continue
		}
		*reader = tlsFile{promconfig.NewFileSecret(path), path}
		if _, err := (*reader).Fetch(ctx); err != nil { // NewTLSConfig would read a file of any kind and size
			return nil, err
		}
	}
	tlsConfig, err := promconfig.NewTLSConfigWithContext(ctx, &cfg.TLSConfig)
	if err != nil {
		return nil, err
	}
	tlsConfig.NextProtos = []string{"http/1.1"}
	return promconfig.NewTLSRoundTripperWithContext(ctx, tlsConfig, files, func(tlsConfig *tls.Config) (http.RoundTripper, error) {
		t := newHTTPTransport(&cfg, ipVersion)
		t.TLSClientConfig = tlsConfig
		return t, nil
	})
}

func newHTTPTransport(cfg *promconfig.HTTPClientConfig, ipVersion string) *http.Transport {
	dialer := &net.Dialer{Timeout: connectTimeout}
	network := "tcp" + strings.TrimPrefix(ipVersion, "any")
	t := &http.Transport{
		Proxy:                  cfg.Proxy(),
		ProxyConnectHeader:     cfg.GetProxyConnectHeader(),
		OnProxyConnectResponse: checkConnect,
		DialContext: func(ctx context.Context, _, address string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, address)
		},
		TLSHandshakeTimeout:    5 * time.Second, // before the scrape ends, so that the error is of the handshake
		MaxIdleConnsPerHost:    1000,
		IdleConnTimeout:        5 * time.Minute,
		MaxResponseHeaderBytes: maxResponseHeader,
		Protocols:              new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	return t
}

// checkConnect replaces an error of net/http that quotes the proxy's reason phrase.
func checkConnect(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the proxy responded %d to CONNECT", resp.StatusCode)
	}
	return nil
}

// tlsFile is a file with certificates or a key. Unlike Fetch of FileSecret, its Fetch reads only a
// regular file in PEM of a bounded size.
type tlsFile struct {
	*promconfig.FileSecret
	path string
}

// Fetch implements promconfig.SecretReader.
func (f tlsFile) Fetch(context.Context) (string, error) {
	content, err := config.ReadFile(f.path, maxSecretFile)
	if block, _ := pem.Decode(content); err == nil && block == nil {
		err = fmt.Errorf("%s is not a PEM file", f.path)
	}
	if err != nil {
		return "", fmt.Errorf("%w: %w", cfapi.ErrCredentials, err)
	}
	return string(content), nil
}
