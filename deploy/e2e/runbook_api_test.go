package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// editSecret is the only token with which the API of the runbooks accepts changes.
const editSecret = "e2e-edit-key" //nolint:gosec // not a real key

// refusedID is an account for which the API of the runbooks responds to any request with the
// error refusal.
const (
	refusedID = "8a3bd1c2e4f5061728394a5b6c7d8e9f"
	refusal   = "Authentication error"
)

// runbookAPI is an API with the endpoints that the runbooks use. It accepts only the documented
// requests.
type runbookAPI struct {
	*httptest.Server

	mu       sync.Mutex
	requests map[string]int // by route
}

func newRunbookAPI(t *testing.T) *runbookAPI {
	t.Helper()
	a := &runbookAPI{requests: make(map[string]int)}
	mux := http.NewServeMux()
	now, old := time.Now().UTC().Format(time.RFC3339), "2020-01-01T08:00:00Z"
	for route, response := range map[string]string{ //nolint:gosec // no credentials
		"GET /accounts/{account}/pcaps": `[
			{"id": "1", "type": "full", "status": "failed", "submitted": "` + now + `", "error_message": "No packets matched the filter"},
			{"id": "2", "type": "full", "status": "running", "colo": "ord02", "stop_requested": "2026-03-01T03:12:05Z"},
			{"id": "4", "type": "full", "status": "failed", "submitted": "` + old + `", "error_message": ""}]`,
		"PUT /accounts/{account}/pcaps/{id}/stop":           "",
		"GET /accounts/{account}/pcaps/ownership":           `[{"id": "3", "status": "failed", "destination_conf": "s3://a", "filename": "b"}]`,
		"POST /accounts/{account}/pcaps/ownership":          `{}`,
		"POST /accounts/{account}/pcaps/ownership/validate": `{}`,
		"DELETE /accounts/{account}/pcaps/ownership/{id}":   "",
		"GET /accounts/{account}/tokens/verify":             `{"status": "active"}`,
		"GET /user/tokens/verify":                           `{"status": "active"}`,
	} {
		a.requests[route] = 0
		mux.HandleFunc(route, a.handler(route, response))
	}
	a.Server = httptest.NewServer(mux)
	t.Cleanup(a.Close)
	return a
}

// handler counts the valid requests of a route and responds to them.
func (a *runbookAPI) handler(route, response string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body map[string]string
		if r.Method == http.MethodPost {
			want := []string{"destination_conf"}
			if strings.HasSuffix(route, "/validate") {
				want = append(want, "ownership_challenge")
			}
			if err := json.NewDecoder(r.Body).Decode(&body); err != nil || !slices.Equal(slices.Sorted(maps.Keys(body)), want) ||
				r.Header.Get("Content-Type") != "application/json" {
				http.NotFound(w, r)
				return
			}
		}
		want := secret
		if r.Method != http.MethodGet {
			want = editSecret
		}
		if r.Header.Get("Authorization") != "Bearer "+want {
			http.NotFound(w, r)
			return
		}
		if r.PathValue("account") == refusedID {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprintf(w, `{"success": false, "errors": [{"code": 10000, "message": %q}], "result": null}`, refusal)
			return
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		a.requests[route]++
		if response == "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = fmt.Fprintf(w, `{"success": true, "result": %s}`, response)
	}
}
