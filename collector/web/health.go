package web

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

const (
	healthTimeout = 5 * time.Second // of a health check
	readyTimeout  = 2 * time.Second // for reading the credentials and the files for TLS
)

// healthy responds 200 while the process serves.
func healthy(w http.ResponseWriter, _ *http.Request) { writeLine(w, "healthy") }

// ready checks that at least one credential and its files for TLS can be read. The exporter stays
// in service if the API is down, or if another credential cannot be read.
func (h *Handler) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if err := h.accounts.Check(ctx); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	writeLine(w, "ready")
}

// CheckHealth returns an error unless an exporter serves at the address. It needs
// neither password nor certificate: an exporter that requires one is serving.
func CheckHealth(ctx context.Context, address string) error {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return fmt.Errorf("--web.listen-address: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	transport := &http.Transport{ // without a proxy; an address without a host is this one
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", address)
		},
	}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/-/healthy", http.NoBody)
	if err != nil {
		return err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("no response from the exporter at %s: %w", address, err)
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK, http.StatusUnauthorized, http.StatusTooManyRequests:
		return nil
	case http.StatusBadRequest: // the response of a TLS listener to plain HTTP
		return nil
	}
	return fmt.Errorf("the exporter at %s is not healthy: it responds with status %d", address, resp.StatusCode)
}
