package collector

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/config"
)

const accountID = "023e105f4ecef8ad9ca31a8372d0c353"

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// newSet returns a Set of accounts that is connected to the API by pipes, for a synctest bubble.
func newSet(t *testing.T, api *simulation.API, o accounts.Options, ids ...string) *accounts.Set {
	t.Helper()
	cfg := newConfig()
	for _, id := range ids {
		api.Account(id)
		cfg.Accounts = append(cfg.Accounts, config.Account{ID: id, Name: "edge", Credential: config.DefaultCredential})
	}
	return newSetOf(t, api, o, cfg)
}

func newSetOf(t *testing.T, api *simulation.API, o accounts.Options, cfg *config.Config) *accounts.Set {
	t.Helper()
	transport, stop := simulation.Pipe(api)
	t.Cleanup(stop)
	o.BaseURL, o.Transport = "http://api.invalid", transport
	o.Timeout, o.Logger, o.NewHistogram = 10*time.Second, cmp.Or(o.Logger, log.NewNopLogger()), NewDurationHistogram
	set, err := accounts.New(t.Context(), cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func newConfig() *config.Config {
	return &config.Config{Credentials: map[string]promconfig.HTTPClientConfig{config.DefaultCredential: {}}}
}

// newAccounts returns one account.
func newAccounts(t *testing.T, api *simulation.API) []*accounts.Account {
	t.Helper()
	return newSet(t, api, accounts.Options{}, accountID).Targets().Accounts
}

// expose returns the series of the collectors without the namespace. An inconsistent
// metric, such as a duplicate, fails the test.
func expose(t *testing.T, collectors ...prometheus.Collector) string {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(collectors...)
	w := httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	var series strings.Builder
	for line := range strings.Lines(w.Body.String()) {
		if line, ok := strings.CutPrefix(line, namespace+"_"); ok {
			series.WriteString(strings.Replace(line, `account="`+accountID+`",`, "", 1))
		}
	}
	return series.String()
}

// checkSeries checks the values of series, which are all that an exposition has.
func checkSeries(t *testing.T, exposition string, want ...string) {
	t.Helper()
	if want := strings.Join(append(want, ""), "\n"); exposition != want {
		t.Errorf("got\n%swant\n%s", exposition, want)
	}
}

// checkContains checks the values of some series.
func checkContains(t *testing.T, exposition string, want ...string) {
	t.Helper()
	for _, line := range want {
		if !strings.Contains("\n"+exposition, "\n"+line+"\n") {
			t.Errorf("no %s in\n%s", line, exposition)
		}
	}
}
