package web

import (
	"cmp"
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	otherID   = "8a3bd1c20000000000000000000000ff"
	token     = "test-token-6b1f"
)

var (
	edge  = config.Account{ID: accountID, Name: "edge"}
	other = config.Account{ID: otherID}
)

// exporter is a Handler and the simulated API that it calls.
type exporter struct {
	*Handler
	api *simulation.API
}

// newExporter returns an exporter that calls the API over a socket.
func newExporter(tb testing.TB, o Options, configured ...config.Account) *exporter {
	tb.Helper()
	api := &simulation.API{Token: token}
	server := httptest.NewServer(api)
	tb.Cleanup(server.Close)
	o.Accounts.BaseURL = server.URL
	e := &exporter{newHandler(tb, o, configured...), api}
	e.createAccounts()
	return e
}

// newBubbleExporter returns an exporter for a synctest bubble.
func newBubbleExporter(tb testing.TB, o Options, configured ...config.Account) *exporter {
	tb.Helper()
	e := &exporter{api: &simulation.API{Token: token}}
	api := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { e.api.ServeHTTP(w, r) }) // tests replace it
	transport, stop := simulation.Pipe(api)
	tb.Cleanup(stop)
	o.Accounts.BaseURL, o.Accounts.Transport = "http://api.invalid", transport
	e.Handler = newHandler(tb, o, configured...)
	e.createAccounts()
	return e
}

// newHandler returns a handler for the accounts, or for the accounts in o.ConfigFile.
func newHandler(tb testing.TB, o Options, configured ...config.Account) *Handler {
	tb.Helper()
	cfg := &config.Config{Credentials: map[string]promconfig.HTTPClientConfig{
		config.DefaultCredential: {Authorization: &promconfig.Authorization{Type: "Bearer", Credentials: token}},
	}}
	for _, a := range configured {
		a.Credential = config.DefaultCredential
		cfg.Accounts = append(cfg.Accounts, a)
	}
	var err error
	if o.ConfigFile != "" {
		if cfg, err = config.Load(o.ConfigFile); err != nil {
			tb.Fatal(err)
		}
	}
	o.Accounts.Series = cmp.Or(o.Accounts.Series, captures.SeriesNone)
	o.Timeout, o.TimeoutOffset = 10*time.Second, 500*time.Millisecond
	o.Concurrency, o.MaxRequests = cmp.Or(o.Concurrency, 16), cmp.Or(o.MaxRequests, 40)
	o.MetricsPath, o.Version, o.Logger = "/metrics", "1.2.3", cmp.Or(o.Logger, log.NewNopLogger())
	h, err := New(tb.Context(), cfg, o)
	if err != nil {
		tb.Fatal(err)
	}
	return h
}

// createAccounts adds the configured accounts to the simulated API.
func (e *exporter) createAccounts() {
	for _, a := range e.accounts.Targets().Accounts {
		e.api.Account(a.ID)
	}
}

// do returns the response to a request. The header consists of pairs.
func (e *exporter) do(method, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, http.NoBody)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	e.ServeHTTP(w, r)
	return w
}

// get returns the body of a response with status 200.
func (e *exporter) get(tb testing.TB, path string, header ...string) string {
	tb.Helper()
	w := e.do(http.MethodGet, path, header...)
	if w.Code != http.StatusOK {
		tb.Errorf("%s: status %d: %s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// wantLines checks that an exposition contains the lines. They lack the namespace.
func wantLines(tb testing.TB, exposition string, lines ...string) {
	tb.Helper()
	for _, line := range lines {
		if line = "cloudflare_pcap_" + line; !strings.Contains("\n"+exposition, "\n"+line+"\n") {
			name, _, _ := strings.Cut(line, "{")
			same := regexp.MustCompile(`(?m)^`+name+`\b.*$`).FindAllString(exposition, -1)
			tb.Errorf("no line %s in\n%s", line, strings.Join(same, "\n"))
		}
	}
}

func wantStrings(tb testing.TB, text string, wants ...string) {
	tb.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			tb.Errorf("missing %q in\n%s", want, text)
		}
	}
}

func wantNoStrings(tb testing.TB, text string, unwanted ...string) {
	tb.Helper()
	for _, s := range unwanted {
		if strings.Contains(text, s) {
			tb.Errorf("unexpected %q in\n%s", s, text)
		}
	}
}

var update = flag.Bool("update", false, "write the golden files")

// variable matches the metrics whose values differ from run to run.
var variable = regexp.MustCompile(`(?m)^(cloudflare_pcap_(?:scrape_duration_seconds|last_success_timestamp_seconds)\{.*\}) .*$`)

func wantGolden(t *testing.T, file, got string) {
	t.Helper()
	got = variable.ReplaceAllString(got, "$1 1")
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	wantLines, gotLines := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(wantLines), len(gotLines)) {
		if gotLines[i] != wantLines[i] {
			t.Fatalf("%s:%d: got %s\nwant %s\n(go test -update writes the file)", file, i+1, gotLines[i], wantLines[i])
		}
	}
	t.Fatalf("%s: got %d lines, want %d", file, len(gotLines), len(wantLines))
}
