package collector

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

const (
	testID    = "023e105f4ecef8ad9ca31a8372d0c353"
	testToken = "test-token-6b1f"
)

// around is what is asked for beside the captures of one account.
type around struct {
	api     *cfapitest.API
	client  *cfapi.Client
	buckets *buckets
	token   *token
}

// newAround has the real client speak to the simulated API over a real socket.
func newAround(t *testing.T, logger log.Logger) *around {
	t.Helper()
	a := newAroundBy(logger)
	server := httptest.NewServer(a.api)
	t.Cleanup(server.Close)
	transport := new(http.Transport)
	t.Cleanup(transport.CloseIdleConnections)
	a.client.BaseURL = server.URL
	a.client.Transport = withToken(transport.RoundTrip)
	return a
}

// newAroundBy is for a synctest bubble, in which time stands still while anyone
// waits for a socket: the API is called without one.
func newAroundBy(logger log.Logger) *around {
	api := &cfapitest.API{Token: testToken}
	api.Account(testID)
	client := &cfapi.Client{Transport: withToken(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		return w.Result(), r.Context().Err()
	})}
	const timeout = 10 * time.Second
	return &around{api, client, newBuckets(testID, timeout, logger), newToken("default", client, timeout, logger)}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func withToken(next roundTripper) roundTripper {
	return func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+testToken)
		return next(r)
	}
}

func (a *around) bucketsFor(ctx context.Context) prometheus.Collector {
	return &bucketsCollector{ctx, []*account{a.account()}, 1}
}

func (a *around) tokenFor(ctx context.Context) prometheus.Collector {
	return newTokenCollector(ctx, []*account{a.account()})
}

func (a *around) account() *account {
	return &account{
		id:         testID,
		credential: &credential{Client: a.client, token: a.token},
		history:    &history{buckets: a.buckets},
	}
}

// scrape returns the exposition of both.
func (a *around) scrape(t *testing.T) string {
	t.Helper()
	return expose(t, a.bucketsFor(t.Context()), a.tokenFor(t.Context()))
}

// expose takes any error, such as a series that is there twice, for a failure of
// the test.
func expose(t *testing.T, collectors ...prometheus.Collector) string {
	t.Helper()
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(collectors...)
	w := httptest.NewRecorder()
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

// series are the lines of an exposition, without the namespace, the account and
// comments.
func series(exposition string) string {
	var lines []string
	for line := range strings.Lines(exposition) {
		if line, ok := strings.CutPrefix(line, namespace+"_"); ok {
			lines = append(lines, strings.Replace(line, `account="`+testID+`",`, "", 1))
		}
	}
	return strings.Join(lines, "")
}

func wantSeries(t *testing.T, exposition string, want ...string) {
	t.Helper()
	all := ""
	for _, line := range want {
		all += line + "\n"
	}
	if got := series(exposition); got != all {
		t.Errorf("got\n%swant\n%s", got, all)
	}
}

func (a *around) wantRequests(t *testing.T, endpoint string, want int) {
	t.Helper()
	n := 0
	for _, r := range a.api.Requests() {
		if strings.HasSuffix(r.Path, endpoint) {
			n++
		}
	}
	if n != want {
		t.Errorf("%d requests to %s, want %d", n, endpoint, want)
	}
}
