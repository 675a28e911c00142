// Package demo serves the simulated API for --demo, and scrapes the exporter.
package demo

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

const (
	token             = "demo"
	interval          = 5 * time.Second // eight accounts stay within the rate limit
	readHeaderTimeout = 5 * time.Second
)

// text suggests to the user what to do next.
const text = `The exporter is running against a simulation of Cloudflare's API.
Something happens every few seconds. To look at it:

  open http://%[1]s/
  curl http://%[1]s/metrics
  curl -s http://%[1]s/metrics | grep -E '_errors\{.* [1-9]|_due_'
  curl 'http://%[1]s/probe?target=edge-lab'

Stop it with Ctrl-C.
`

// API is a running simulation of the API.
type API struct {
	URL    string
	Config *config.Config // of its accounts

	server *http.Server
}

// Start serves the simulated API on a loopback port, with failures if faults is set.
func Start(ctx context.Context, faults bool) (*API, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	api := simulation.Demo(token, time.Now)
	if faults {
		api = simulation.DemoFaults(time.Now)
	}
	server := &http.Server{Handler: api, ReadHeaderTimeout: readHeaderTimeout}
	go func() { _ = server.Serve(listener) }() // Close ends it
	cfg := newConfig(api)
	cfg.Discover = faults
	return &API{URL: "http://" + listener.Addr().String(), Config: cfg, server: server}, nil
}

// newConfig returns a configuration with the accounts of api, in which DemoShared has a token of its own.
func newConfig(api *simulation.API) *config.Config {
	cfg := config.New(nil, promconfig.Authorization{Credentials: token})
	names := api.Names()
	for _, id := range slices.Sorted(maps.Keys(names)) {
		account := config.Account{ID: id, Name: names[id], Credential: config.DefaultCredential}
		if account.Name == simulation.DemoShared {
			account.Credential = account.Name
			other := promconfig.Authorization{Type: "Bearer", Credentials: simulation.DemoShared}
			cfg.Credentials[account.Credential] = promconfig.HTTPClientConfig{Authorization: &other}
		}
		cfg.Accounts = append(cfg.Accounts, account)
	}
	return cfg
}

// Close ends the simulation.
func (a *API) Close() { _ = a.server.Close() }

// Announce writes text with the address of the exporter to w.
func Announce(w io.Writer, addr net.Addr) {
	// [::] is not a usable URL host.
	_, _ = fmt.Fprintf(w, text, strings.Replace(addr.String(), "[::]", "localhost", 1))
}

// Scrape scrapes the exporter every few seconds until ctx ends, so that its status page is
// not empty.
func Scrape(ctx context.Context, exporter http.Handler, metricsPath string) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, metricsPath, http.NoBody)
		if err != nil {
			return // the path was validated
		}
		exporter.ServeHTTP(discard{}, req)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// discard is a response writer that drops the response.
type discard struct{}

// Header implements http.ResponseWriter.
func (discard) Header() http.Header { return make(http.Header) }

// Write implements http.ResponseWriter.
func (discard) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader implements http.ResponseWriter.
func (discard) WriteHeader(int) {}
