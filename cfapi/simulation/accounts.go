package simulation

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// SetName sets the name of the account in the list of accounts.
func (acc *Account) SetName(name string) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.name = name
}

// Names returns the names of the accounts by their ids.
func (a *API) Names() map[string]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	names := make(map[string]string, len(a.accounts))
	for id, acc := range a.accounts {
		names[id] = acc.name
	}
	return names
}

// accountView is the JSON of an account.
type accountView struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Type     string          `json:"type"`
	Settings json.RawMessage `json:"settings"`
}

// Page sizes from the API reference.
const (
	minPerPage     = 5
	defaultPerPage = 20
	maxPerPage     = 50
)

// listAccounts returns the accounts, sorted by id.
func (a *API) listAccounts(r *http.Request) response {
	views := make([]accountView, 0, len(a.accounts))
	for _, id := range slices.Sorted(maps.Keys(a.accounts)) {
		views = append(views, accountView{id, a.accounts[id].name, "standard", json.RawMessage(`{"enforce_twofactor":false}`)})
	}
	perPage, err := strconv.Atoi(r.URL.Query().Get("per_page"))
	if err != nil {
		perPage = defaultPerPage
	}
	perPage = min(max(perPage, minPerPage), maxPerPage)
	page := pageNumber(r)
	shown := nthPage(views, page, perPage)
	info := &resultInfo{Count: len(shown), Page: page, PerPage: perPage, TotalCount: len(views)}
	return jsonResponse(http.StatusOK, encode(envelope{Result: shown, Success: true, ResultInfo: info}))
}
