package collector

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// discoverEvery is how often the accounts are looked up, at most.
const discoverEvery = 10 * time.Minute

// current returns the configuration in use. If it says to discover accounts,
// they are looked up when that is due; after a failure the last ones stay.
func (e *exporter) current(ctx context.Context) *active {
	now := e.active.Load()
	if !now.discover {
		return now
	}
	credential := now.credentials[DefaultCredential]
	listed, ok := credential.visible.get(ctx, credential.Client.Accounts)
	if !ok {
		return now
	}
	found := discovered(listed)
	e.applying.Lock()
	defer e.applying.Unlock()
	if now = e.active.Load(); !slices.Equal(found, e.found) {
		e.found = found
		now = &active{credentials: now.credentials, discover: now.discover, accounts: e.accounts(now, now)}
		e.active.Store(now)
	}
	return now
}

func discovered(listed []cfapi.Account) (found []AccountConfig) {
	for _, a := range listed {
		found = append(found, AccountConfig{ID: a.ID, Name: a.Name, Credential: DefaultCredential})
	}
	return found
}

// targetGroup is a member of an answer of Prometheus' HTTP service discovery.
type targetGroup struct {
	Targets []string          `json:"targets"`
	Labels  map[string]string `json:"labels"`
}

// ServiceDiscovery serves the accounts as targets of /probe.
func (e *exporter) ServiceDiscovery(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), e.options.Timeout)
	defer cancel()
	groups := []targetGroup{}
	for _, a := range e.current(ctx).accounts {
		groups = append(groups, targetGroup{
			Targets: []string{a.id},
			Labels: map[string]string{
				"__meta_cloudflare_account_id":   a.id,
				"__meta_cloudflare_account_name": clean(a.name),
			},
		})
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(groups) // fails only if the client has left
}
