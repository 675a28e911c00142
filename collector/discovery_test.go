package collector

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

const foundID = "8a3bd1c20000000000000000000000ff"

// newDiscovering has one account configured; the API is called without a
// socket, for a synctest bubble.
func newDiscovering(t *testing.T) (*cfapitest.API, *exporter) {
	t.Helper()
	api := &cfapitest.API{Token: testToken}
	api.Account(testID).SetName("another name")
	cfg := &Config{
		Discover:    true,
		Accounts:    []AccountConfig{{ID: testID, Name: "edge", Credential: DefaultCredential}},
		Credentials: map[string]config.HTTPClientConfig{DefaultCredential: {}},
	}
	options := Options{Series: SeriesNone, Timeout: 10 * time.Second, Concurrency: 1, Logger: log.NewNopLogger()}
	e, err := newExporter(cfg, options, newAPIMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	e.active.Load().credentials[DefaultCredential].Client.Transport = withToken(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		return w.Result(), r.Context().Err()
	})
	return api, e
}

func (e *exporter) namesAfter(ctx context.Context, pause time.Duration) string {
	time.Sleep(pause)
	var names []string
	for _, a := range e.current(ctx).accounts {
		names = append(names, a.name)
	}
	return strings.Join(names, " ")
}

func TestDiscovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, e := newDiscovering(t)
		want := func(pause time.Duration, names string, requests int) {
			t.Helper()
			if got := e.namesAfter(t.Context(), pause); got != names {
				t.Errorf("accounts %q, want %q", got, names)
			}
			if n := len(api.Requests()); n != requests {
				t.Errorf("%d requests, want %d", n, requests)
			}
		}
		want(0, "edge", 1) // by the name of the configuration
		api.Account(foundID).SetName("found")
		want(9*time.Minute, "edge", 1)
		want(2*time.Minute, "edge found", 2)
		api.Inject(cfapitest.Fault{Endpoint: "accounts", Status: 404})
		want(11*time.Minute, "edge found", 3)
		want(time.Second, "edge found", 3)
		if err := e.Apply(e.config); err != nil { // a reload
			t.Fatal(err)
		}
		want(0, "edge found", 3)
		api.Heal()
		api.Inject(cfapitest.Fault{Endpoint: "accounts", Body: `{"success":true,"result":[]}`})
		want(11*time.Minute, "edge", 4)
	})
}

// TestDiscoveredKeepsItsHistory has an account found, counted, and found again.
func TestDiscoveredKeepsItsHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, e := newDiscovering(t)
		api.Account(foundID).SetName("found")
		api.Inject(cfapitest.Fault{Account: foundID, Status: 404})
		for i := range 3 {
			api.Account(strings.Repeat("0", 31) + string(rune('0'+i)))
			time.Sleep(11 * time.Minute)
			collectors, ok := e.Probe(t.Context(), "found")
			if !ok {
				t.Fatal("not found")
			}
			want := `scrape_errors_total{account="` + foundID + `",reason="rejected"} ` + string(rune('1'+i)) + "\n"
			if !strings.Contains(expose(t, collectors...), want) {
				t.Errorf("no %s", want)
			}
		}
	})
}

// TestDiscoveredNameOfAnID has an account that is called like another's id.
func TestDiscoveredNameOfAnID(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, e := newDiscovering(t)
		const last = "ffffffffffffffffffffffffffffffff"
		api.Account(foundID).SetName(last)
		api.Account(last).SetName("last")
		for _, target := range []string{last, "last"} {
			collectors, ok := e.Probe(t.Context(), target)
			if !ok {
				t.Fatal("not found")
			}
			if want := `account_info{account="` + last + `"`; !strings.Contains(expose(t, collectors...), want) {
				t.Errorf("%s: no %s", target, want)
			}
		}
	})
}
