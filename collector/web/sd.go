package web

import (
	"context"
	"encoding/json"
	"fmt"
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

// undiscovered returns why the accounts are unknown, or "" if no lookup is needed or one has
// succeeded.
func (h *Handler) undiscovered() string {
	discovery := h.accounts.Targets().Discovery
	switch {
	case discovery == nil || !discovery.LastSuccess.IsZero():
		return ""
	case discovery.Err == nil:
		return "the accounts are not discovered yet"
	}
	return fmt.Sprintf("discovering accounts failed: %s: %v; %s", discovery.Reason, discovery.Err, discovery.Hint)
}

// serviceDiscovery serves the accounts as targets of /probe. Prometheus keeps its targets after a
// 503, and drops those that a list lacks.
func (h *Handler) serviceDiscovery(w http.ResponseWriter, _ *http.Request) {
	if reason := h.undiscovered(); reason != "" {
		http.Error(w, reason, http.StatusServiceUnavailable)
		return
	}
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
