package web

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

const (
	credentialsYAML = "credentials: {default: {authorization: {credentials_file: token}}}\n"
	edgeYAML        = "{id: " + accountID + ", name: edge}"
	otherYAML       = "{id: " + otherID + "}"
)

// writeConfig writes a configuration file and the token that it refers to.
func writeConfig(tb testing.TB, text string) (file string) {
	tb.Helper()
	dir := tb.TempDir()
	file = filepath.Join(dir, "config.yml")
	writeFile(tb, file, text)
	writeFile(tb, filepath.Join(dir, "token"), token)
	return file
}

func writeFile(tb testing.TB, file, text string) {
	tb.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}

func TestReload(t *testing.T) {
	var logged bytes.Buffer
	file := writeConfig(t, credentialsYAML+"accounts: [{id: "+accountID+"}]")
	e := newExporter(t, Options{ConfigFile: file, Lifecycle: true, Logger: log.NewLogfmtLogger(log.NewSyncWriter(&logged))})
	e.api.Account(otherID)
	reload := func(text string, wantStatus int) {
		t.Helper()
		writeFile(t, file, text)
		if w := e.do(http.MethodPost, "/-/reload"); w.Code != wantStatus || strings.Count(w.Body.String(), "\n") != 1 {
			t.Errorf("status %d, want %d: %s", w.Code, wantStatus, w.Body)
		}
	}
	e.api.Inject(simulation.Fault{Status: http.StatusNotFound, Times: 1})
	e.get(t, "/metrics")

	reload(credentialsYAML+"accounts: ["+edgeYAML+", "+otherYAML+"]", http.StatusOK)
	wantLines(t, e.get(t, "/metrics"), `exporter_config_last_reload_successful 1`,
		`scrape_errors_total{account="`+accountID+`",reason="rejected"} 1`,
		`account_info{account="`+accountID+`",account_name="edge"} 1`, `up{account="`+otherID+`"} 1`)
	wantStrings(t, logged.String(), `msg="configuration reloaded" accounts=2`)

	for _, text := range []string{
		"accounts: x",
		"credentials: {default: {authorization: {credentials_file: nowhere}}}\naccounts: [{id: " + accountID + "}]",
	} {
		logged.Reset()
		reload(text, http.StatusInternalServerError)
		wantLines(t, e.get(t, "/metrics"), `exporter_config_last_reload_successful 0`,
			`account_info{account="`+accountID+`",account_name="edge"} 1`, `up{account="`+accountID+`"} 1`, `up{account="`+otherID+`"} 1`)
		wantStrings(t, logged.String(), "level=error", "keeping the old one")
		if *e.rejected.Load() == nil {
			t.Error("the error is not kept")
		}
	}
}

// Without a file, the log says that nothing was reloaded, or why the token cannot be read.
func TestReloadWithoutFile(t *testing.T) {
	var logged bytes.Buffer
	tokenFile := filepath.Join(t.TempDir(), "token")
	writeFile(t, tokenFile, token)
	cfg := config.New([]config.Account{{ID: accountID, Credential: config.DefaultCredential}}, promconfig.Authorization{CredentialsFile: tokenFile})
	h, err := New(t.Context(), cfg, Options{MaxRequests: 1, Timeout: time.Minute, MetricsPath: "/metrics", Logger: log.NewLogfmtLogger(&logged)})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(h.Reload(t.Context()), *h.rejected.Load()); err != nil {
		t.Error(err)
	}
	wantStrings(t, logged.String(), "level=info", "nothing to reload")
	writeFile(t, tokenFile, "two words")
	if err := h.Reload(t.Context()); err == nil || !errors.Is(*h.rejected.Load(), err) {
		t.Errorf("got %v and %v", err, *h.rejected.Load())
	}
	wantStrings(t, logged.String(), "level=error", tokenFile)
}

// The file that is read last must be applied last.
func TestReloadsDoNotOverlap(t *testing.T) {
	var running atomic.Int32
	logger := log.LoggerFunc(func(...any) error {
		if running.Add(1) > 1 {
			t.Error("two reloads at the same time")
		}
		time.Sleep(10 * time.Millisecond)
		running.Add(-1)
		return nil
	})
	e := newExporter(t, Options{ConfigFile: writeConfig(t, credentialsYAML+"accounts: ["+edgeYAML+"]"), Logger: logger})
	var reloads sync.WaitGroup
	for range 4 {
		reloads.Go(func() {
			if err := e.Reload(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	reloads.Wait()
}
