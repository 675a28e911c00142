package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

// simulation is an API that the test controls. Each account has at most one capture, which is a
// full one.
type simulation struct {
	*httptest.Server

	mu       sync.Mutex
	captures map[string]string // by account
	broken   bool              // responds with 503
}

func simulate(t *testing.T) *simulation {
	t.Helper()
	s := &simulation{captures: make(map[string]string)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /accounts/{account}/pcaps", s.list)
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *simulation) list(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		http.Error(w, "<html>upstream connect error</html>", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"success": true, "errors": [], "messages": [], "result": [%s]}`, s.captures[r.PathValue("account")])
}

// capture sets the capture of an account.
func (s *simulation) capture(account, colo, status, message string, submitted time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.captures[account] = fmt.Sprintf(`{"id": "%032x", "type": "full", "system": "magic-transit", "status": %q, "submitted": %q,
		"time_limit": 300, "byte_limit": 100000000, "colo_name": %q, "error_message": %q,
		"destination_conf": "s3://pcaps-us/magic-transit?region=us-east-1"}`,
		submitted.UnixNano(), status, submitted.UTC().Format(time.RFC3339Nano), colo, message)
}

// setBroken sets whether the API fails.
func (s *simulation) setBroken(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}
