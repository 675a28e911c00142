package web

import (
	"context"
	"encoding/json"
	"net/http"

	"cloudflare_pcap_exporter/collector/captures"
)

// targetGroup is the element of a response of Prometheus' HTTP service discovery.
type targetGroup struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// Discover looks accounts up in the background until ctx is done.
func (h *Handler) Discover(ctx context.Context) { h.accounts.Discover(ctx) }

// serviceDiscovery serves the accounts as targets of /probe.
func (h *Handler) serviceDiscovery(w http.ResponseWriter, _ *http.Request) {
	groups := []targetGroup{}
	for _, a := range h.accounts.Targets().Accounts {
		groups = append(groups, targetGroup{
			Targets: []string{a.ID},
			Labels: map[string]string{
				"__meta_cloudflare_account_id":   a.ID,
				"__meta_cloudflare_account_name": captures.Sanitize(a.Name),
			},
		})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(groups) // fails only if the client has left
}
