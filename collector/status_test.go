package collector_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

// bubble is an exporter in a synctest bubble: it has no socket, and a clock that
// only sleeping moves.
type bubble struct {
	api *cfapitest.API
	mux http.Handler
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func newBubble(t *testing.T, accounts ...collector.AccountConfig) *bubble {
	t.Helper()
	b := &bubble{api: cfapitest.Demo(token, time.Now)}
	for i := range accounts {
		b.api.Account(accounts[i].ID)
		accounts[i].Credential = collector.DefaultCredential
	}
	credential := config.HTTPClientConfig{Authorization: &config.Authorization{Type: "Bearer", Credentials: token}}
	app, err := collector.New(&collector.Config{
		Accounts:    accounts,
		Credentials: map[string]config.HTTPClientConfig{collector.DefaultCredential: credential},
	}, collector.Options{
		Series: collector.SeriesNone, Timeout: 10 * time.Second, Concurrency: 1, Logger: log.NewNopLogger(),
		MetricsPath: "/metrics", MaxRequests: 1, Version: "1.2.3",
	})
	if err != nil {
		t.Fatal(err)
	}
	app.Through(roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		b.api.ServeHTTP(w, r)
		return w.Result(), nil
	}))
	b.mux = app
	return b
}

func (b *bubble) ask(method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	b.mux.ServeHTTP(w, httptest.NewRequest(method, path, http.NoBody))
	return w
}

// page has whatever is forbidden fail the test.
func (b *bubble) page(t *testing.T) string {
	t.Helper()
	asked := len(b.api.Requests())
	w := b.ask(http.MethodGet, "/")
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if n := len(b.api.Requests()) - asked; n != 0 {
		t.Errorf("the page has made %d requests to the API", n)
	}
	return w.Body.String()
}

// TestStatusGolden shows the demo once its capture that hangs is overdue, beside
// an account that has come to fail.
func TestStatusGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, collector.AccountConfig{ID: cfapitest.DemoProdID, Name: cfapitest.DemoProdName},
			collector.AccountConfig{ID: cfapitest.DemoLabID, Name: cfapitest.DemoLabName},
			collector.AccountConfig{ID: accountID}, collector.AccountConfig{ID: otherID, Name: "idle"})
		failing := b.api.Account(accountID)
		if _, err := failing.Submit(cfapitest.Capture{Type: "full", Colo: "ord02", End: "failed", ErrorMessage: cfapitest.BucketRefused}); err != nil {
			t.Fatal(err)
		}
		for minute := range 8 {
			if minute == 5 {
				b.api.Inject(cfapitest.Fault{Account: accountID, Status: http.StatusForbidden})
			}
			b.ask(http.MethodGet, "/metrics")
			time.Sleep(time.Minute)
		}
		b.ask(http.MethodGet, "/metrics")
		time.Sleep(12 * time.Second)
		compare(t, "testdata/status.html", b.page(t))
	})
}

func TestStatusBeforeTheFirstScrape(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, collector.AccountConfig{ID: accountID, Name: "edge"})
		wantAll(t, b.page(t), "Not scraped yet", "edge", accountID, `href="./metrics"`, "not known yet")
		if strings.Contains(b.page(t), "in flight") {
			t.Error("what is in flight is not known")
		}
		b.ask(http.MethodGet, "/metrics")
		text := b.page(t)
		wantAll(t, text, "1199 of 1200", "No captures.", "<b>0</b> in flight")
		if strings.Contains(text, "ot scraped yet") {
			t.Error("it has been scraped")
		}
		b = newBubble(t)
		wantAll(t, b.page(t), "There is no account yet")
	})
}

// TestStatusOfAFailure has an account fail for ten minutes, in two ways.
func TestStatusOfAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, collector.AccountConfig{ID: accountID})
		_, _ = b.api.Account(accountID).Submit(cfapitest.Capture{})
		b.ask(http.MethodGet, "/metrics")
		b.api.Inject(cfapitest.Fault{Times: 1, Status: http.StatusNotFound})
		b.api.Inject(cfapitest.Fault{Status: http.StatusForbidden})
		time.Sleep(time.Minute)
		b.ask(http.MethodGet, "/metrics")
		time.Sleep(9 * time.Minute)
		b.ask(http.MethodGet, "/probe?target="+accountID)
		time.Sleep(time.Minute)
		text := b.page(t)
		wantAll(t, text, "<b>forbidden</b> for ", ">10 min<", ">11 min<", "give the token the permission", "success</bdi> <b>1</b>", `class="list old"`, "<title>1 down")
		if strings.Contains(text, "in flight") {
			t.Error("what is in flight is not known")
		}
		b.api.Heal()
		b.ask(http.MethodGet, "/metrics")
		text = b.page(t)
		for _, gone := range []string{"forbidden", `class="list old"`, "1 down"} {
			if strings.Contains(text, gone) {
				t.Errorf("%s is still there", gone)
			}
		}
		time.Sleep(6 * time.Minute)
		wantAll(t, b.page(t), "Nobody has scraped for", ">6 min<")
	})
}

// TestStatusHoldOff has the API's limit be reached.
func TestStatusHoldOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, collector.AccountConfig{ID: accountID})
		b.api.Inject(cfapitest.Fault{Status: http.StatusTooManyRequests, RetryAfter: "90"})
		for range 2 {
			b.ask(http.MethodGet, "/metrics")
		}
		wantAll(t, b.page(t), "1 request was not sent")
		b.ask(http.MethodGet, "/metrics")
		wantAll(t, b.page(t), "held off", ">1 min 30 s<", "2 requests were not sent", "rate_limited")
		time.Sleep(2 * time.Minute)
		if strings.Contains(b.page(t), "held off") {
			t.Error("it is over")
		}
	})
}

func TestStatusEscapes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const attack = `"'></svg></style><script>alert(1)</script>`
		b := newBubble(t, collector.AccountConfig{ID: accountID, Name: attack})
		b.api.Account(accountID).Answer(fmt.Appendf(nil, `{"success":true,"result":[
			{"id":"1","status":%[1]q,"type":%[1]q,"system":%[1]q,"colo_name":%[1]q},
			{"id":"2","status":"running","type":%[1]q,"system":%[1]q,"colo_name":%[1]q},
			{"id":"3","status":"failed","type":%[1]q,"system":%[1]q,"colo_name":%[1]q,"error_message":%[1]q}]}`, attack))
		b.ask(http.MethodGet, "/metrics")
		text := b.page(t)
		// The name; a status in two legends at most; colo, type and system of two rows.
		if n := strings.Count(text, "&lt;script&gt;"); n != 8 {
			t.Errorf("it is said %d times", n)
		}
		if strings.Contains(text, "<script") {
			t.Errorf("not escaped:\n%s", text)
		}
		wantAll(t, text, "7 values that the API does not document")
	})
}

// TestStatusKeepsDirection has the API's words turn the direction of writing:
// that must not reach the numbers beside them.
func TestStatusKeepsDirection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const turn = "\u202e"
		b := newBubble(t, collector.AccountConfig{ID: accountID})
		b.api.Account(accountID).Answer(fmt.Appendf(nil, `{"success":true,"result":[
			{"id":"1","status":"%[1]s1","type":"%[1]s2","system":"%[1]s3","colo_name":"%[1]s4"},
			{"id":"2","status":"running","type":"%[1]s2","system":"%[1]s3","colo_name":"%[1]s4"}]}`, turn))
		b.ask(http.MethodGet, "/metrics")
		text := b.page(t)
		for i := range 4 {
			wantAll(t, text, fmt.Sprintf("<bdi>%s%d</bdi>", turn, i+1))
		}
		if strings.Count(text, turn) != strings.Count(text, "<bdi>"+turn) {
			t.Errorf("not kept apart:\n%s", text)
		}
	})
}

func TestStatusHeadersAndPaths(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBubble(t, collector.AccountConfig{ID: accountID})
		for request, want := range map[string]int{
			"GET /": 200, "HEAD /": 200, "POST /": 405, "GET /index.html": 404, "GET /style.css": 404, "HEAD /x": 404, "GET /favicon.ico": 404,
		} {
			method, path, _ := strings.Cut(request, " ")
			w := b.ask(method, path)
			if w.Code != want {
				t.Errorf("%s: %d, want %d", request, w.Code, want)
			}
			if want != http.StatusOK {
				continue
			}
			policy := w.Header().Get("Content-Security-Policy")
			wantAll(t, policy, "default-src 'none'; style-src 'sha256-", "frame-ancestors 'none'")
			if strings.Contains(policy, "unsafe") || strings.Contains(policy, "http") {
				t.Error(policy)
			}
			if got := w.Header().Get("Cache-Control"); got != "no-store" {
				t.Errorf("Cache-Control: %q", got)
			}
		}
	})
}

func wantAll(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s:\n%s", want, text)
		}
	}
}
