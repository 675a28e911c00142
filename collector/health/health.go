// Package health asks a running exporter how it is.
package health

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

const timeout = 5 * time.Second

// Check asks the exporter that listens at the address. It returns nil if that
// serves: what asks for a password or a certificate, or for fewer requests, serves.
func Check(ctx context.Context, address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("--web.listen-address: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	// TLS first: where it is not spoken nothing is logged, the other way round a warning is.
	// An HTTP server does not wait for more: the number of an extension, 10, ends its line.
	status, err := get(ctx, "https", address)
	if _, notTLS := errors.AsType[tls.RecordHeaderError](err); notTLS {
		status, err = get(ctx, "http", address)
	}
	switch {
	case wantsCertificate(err):
		return nil
	case err != nil:
		return fmt.Errorf("the exporter does not answer at %s: %w", address, err)
	case status != http.StatusOK && status != http.StatusUnauthorized && status != http.StatusTooManyRequests:
		return fmt.Errorf("the exporter at %s is not healthy: it answers with status %d", address, status)
	}
	return nil
}

// wantsCertificate tells mutual TLS from a server that has no certificate itself.
func wantsCertificate(err error) bool {
	refused, ok := errors.AsType[*net.OpError](err)
	return ok && refused.Op == "remote error" &&
		(refused.Err.Error() == "tls: certificate required" || refused.Err.Error() == "tls: handshake failure") // before TLS 1.3
}

func get(ctx context.Context, scheme, address string) (status int, err error) {
	transport := &http.Transport{
		// To the address as it is given: without a host, that is this one. No proxy either.
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		},
		// Whatever name is in the certificate, and if it has run out: that is for who scrapes to judge.
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // as said above
	}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://localhost/-/healthy", http.NoBody)
	if err != nil {
		return 0, err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}
