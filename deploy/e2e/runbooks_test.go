package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// codeBlocks returns the code blocks of all runbooks in a language, with the pages of each.
func codeBlocks(t *testing.T, language string) map[string][]string {
	t.Helper()
	block := regexp.MustCompile("(?ms)^ *```" + language + "\n(.*?)^ *```$")
	found := make(map[string][]string)
	pages, err := filepath.Glob("../runbooks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		for _, match := range block.FindAllStringSubmatch(read(t, page), -1) {
			found[match[1]] = append(found[match[1]], filepath.Base(page))
		}
	}
	if len(found) == 0 {
		t.Fatalf("the runbooks have no code in %s", language)
	}
	return found
}

// TestRunbookQueries runs each query of the runbooks while the demo runs. Each must return
// series, after a comparison at its end is removed.
func TestRunbookQueries(t *testing.T) {
	t.Parallel()
	exporter := demo(t, "--collector.buckets", "--collector.token", "--collector.capture-series=all")
	p := scrape(t, "prometheus.yml", []*process{exporter})
	comparison := regexp.MustCompile(` (==|>) [\d.]+\s*$`)
	values := strings.NewReplacer("ACCOUNT", prodID, "INSTANCE", exporter.addr, "WORD", "failed")
	for query, pages := range codeBlocks(t, "promql") {
		query = comparison.ReplaceAllString(values.Replace(query), "")
		eventually(t, func() error {
			result, err := p.query("", query)
			if err == nil && len(result) == 0 {
				err = fmt.Errorf("%v: no result of %s", pages, query)
			}
			return err
		})
	}
}

// TestRunbookCommands runs each command of the runbooks. Each must succeed and print something.
func TestRunbookCommands(t *testing.T) {
	t.Parallel()
	api := newRunbookAPI(t)
	dir := t.TempDir()
	write(t, filepath.Join(dir, "token"), secret+"\n")
	write(t, filepath.Join(dir, "challenge"), secret+"\n")
	config := filepath.Join(dir, "config.yml")
	write(t, config, "accounts: [{id: "+prodID+"}]\ncredentials: {default: {authorization: {credentials_file: token}}}\n")
	exporter := start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0", "--web.enable-lifecycle",
		"--cloudflare.api-url="+api.URL, "--config.file="+config)
	hosts := strings.NewReplacer("https://api.cloudflare.com/client/v4", api.URL, "127.0.0.1:17227", exporter.addr)
	errorStatus := regexp.MustCompile(`\b40[045]\b|Not Allowed`)
	for script, pages := range codeBlocks(t, "sh") {
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", hosts.Replace(script))
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		out, err := cmd.Output()
		if err != nil || len(out) == 0 || errorStatus.Match(out) {
			t.Errorf("%v: error %v, output %q of\n%s", pages, err, out, script)
		}
	}
	for request, n := range api.requests {
		if n == 0 {
			t.Errorf("no runbook requests %s", request)
		}
	}
}

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
	for route, response := range map[string]string{ //nolint:gosec // no credentials
		"GET /accounts/{account}/pcaps": `[
			{"id": "1", "type": "full", "status": "failed", "error_message": "No packets matched the filter"},
			{"id": "2", "type": "full", "status": "running", "colo": "ord02", "stop_requested": "2026-03-01T03:12:05Z"}]`,
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
		if r.Header.Get("Authorization") != "Bearer "+secret {
			http.NotFound(w, r)
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
