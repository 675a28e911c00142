package collector

import (
	"encoding/json"
	"net/http"
)

// targetGroup is a member of an answer of Prometheus' HTTP service discovery.
type targetGroup struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// ServiceDiscovery serves the accounts as targets of /probe.
func (e *Exporter) ServiceDiscovery(w http.ResponseWriter, _ *http.Request) {
	groups := []targetGroup{}
	for _, a := range e.active.Load().accounts {
		groups = append(groups, targetGroup{
			Targets: []string{a.id},
			Labels: map[string]string{
				"__meta_cloudflare_account_id":   a.id,
				"__meta_cloudflare_account_name": a.name,
			},
		})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(groups) // fails only if the client has left
}
