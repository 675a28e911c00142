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

// serviceDiscovery serves the accounts as targets of /probe.
func (h *Handler) serviceDiscovery(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), h.options.Timeout)
	defer cancel()
	groups := []targetGroup{}
	for _, a := range h.accounts.Refresh(ctx).Accounts {
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
