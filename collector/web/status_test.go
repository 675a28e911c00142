package web

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

func scrape(e *exporter) { e.do(http.MethodGet, "/metrics") }

// statusPage returns the page. It checks that the page sends no request to the API.
func (e *exporter) statusPage(t *testing.T) string {
	t.Helper()
	before := len(e.api.Requests())
	text := e.get(t, "/")
	if n := len(e.api.Requests()) - before; n != 0 {
		t.Errorf("the page sent %d requests", n)
	}
	return text
}

// The demo has a capture that hangs. A third account fails, and a fourth is idle.
func TestStatusGolden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newBubbleExporter(t, Options{Concurrency: 1},
			config.Account{ID: simulation.DemoProdID, Name: simulation.DemoProdName},
			config.Account{ID: simulation.DemoLabID, Name: simulation.DemoLabName},
			config.Account{ID: accountID}, config.Account{ID: otherID, Name: "idle"})
		e.api = simulation.Demo(token, time.Now)
		e.createAccounts()
		if _, err := e.api.Account(accountID).Submit(simulation.Capture{Type: "full", Colo: "ord02", End: "failed", ErrorMessage: simulation.BucketRefused}); err != nil {
			t.Fatal(err)
		}
		scrape(e)
		for minute := range 8 {
			time.Sleep(time.Minute)
			if minute == 4 {
				e.api.Inject(simulation.Fault{Account: accountID, Status: http.StatusForbidden})
			}
			scrape(e)
		}
		time.Sleep(12 * time.Second)
		wantGolden(t, "testdata/status.html", e.statusPage(t))
		header := e.do(http.MethodGet, "/").Header()
		wantStrings(t, header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-")
		for name, want := range map[string]string{
			"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
			"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: got %q, want %q", name, got, want)
			}
		}
	})
}

func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newBubbleExporter(t, Options{}, edge)
		e.api.Account(accountID).Respond([]byte(`{"success":true,"result":[{"id":"1","status":"success"}]}`))
		fail := func(faults ...simulation.Fault) {
			for _, f := range faults {
				e.api.Inject(f)
			}
			scrape(e)
		}
		for _, step := range []struct {
			pause        time.Duration
			do           func()
			want, absent []string
		}{
			{0, func() {}, []string{"Not scraped yet", "edge", accountID, `href="./metrics"`, ">unknown<", "1.2.3"}, []string{"</b> unfinished"}},
			{0, func() { scrape(e) }, []string{"1199 of 1200", "<b>0</b> unfinished"}, []string{"ot scraped yet"}},
			{time.Minute, func() { fail(simulation.Fault{Times: 1, Status: 404}, simulation.Fault{Status: 403}) }, []string{"rejected"}, nil},
			{9 * time.Minute, func() { e.do(http.MethodGet, "/probe?target=edge") }, nil, nil},
			{time.Minute, func() {}, []string{
				"<b>forbidden</b>, failing for ", ">10 min<", ">11 min<", "give the token the permission", "<bdi>listing captures: the API responded 403 Forbidden", "success</bdi> <b>1</b>", `class="list old"`, "<title>1 down",
			}, []string{"</b> unfinished"}},
			{0, func() { e.api.Heal(); scrape(e) }, nil, []string{"forbidden", `class="list old"`, "1 down"}},
			{6 * time.Minute, func() {}, []string{"The last scrape was", ">6 min<"}, nil},
			{0, func() { fail(simulation.Fault{Status: 429, RetryAfter: "90"}) }, nil, nil},
			{0, func() { scrape(e) }, []string{"1 request was not sent"}, nil},
			{0, func() { scrape(e) }, []string{"held off", ">1 min 30 s<", "2 requests were not sent", "rate_limited"}, nil},
			{2 * time.Minute, func() {}, nil, []string{"<strong>held off"}},
		} {
			time.Sleep(step.pause)
			step.do()
			text := e.statusPage(t)
			wantStrings(t, text, step.want...)
			wantNoStrings(t, text, step.absent...)
		}
	})
}
