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
	})
}

// statusStep changes the state of an exporter and checks the page.
type statusStep struct {
	pause        time.Duration
	do           func(*exporter)
	want, absent []string
}

// scrapeWith scrapes after it has added faults.
func scrapeWith(faults ...simulation.Fault) func(*exporter) {
	return func(e *exporter) {
		for _, f := range faults {
			e.api.Inject(f)
		}
		scrape(e)
	}
}

var statusTests = map[string][]statusStep{
	"first scrape": {
		{want: []string{"Not scraped yet", "edge", accountID, `href="./metrics"`, ">unknown<", "1.2.3"}, absent: []string{"</b> unfinished"}},
		{do: scrape, want: []string{"1199 of 1200", "No captures.", "<b>0</b> unfinished"}, absent: []string{"ot scraped yet"}},
	},
	"failures": {
		{do: func(e *exporter) {
			e.api.Account(accountID).Respond([]byte(`{"success":true,"result":[{"id":"1","status":"success"}]}`))
			scrape(e)
		}},
		{pause: time.Minute, do: scrapeWith(simulation.Fault{Times: 1, Status: http.StatusNotFound}, simulation.Fault{Status: http.StatusForbidden}), want: []string{"rejected"}},
		{pause: 9 * time.Minute, do: func(e *exporter) { e.do(http.MethodGet, "/probe?target=edge") }},
		{pause: time.Minute, absent: []string{"</b> unfinished"}, want: []string{
			"<b>forbidden</b>, failing for ", ">10 min<", ">11 min<", "give the token the permission", "<bdi>listing captures: the API responded 403 Forbidden", "success</bdi> <b>1</b>", `class="list old"`, "<title>1 down",
		}},
		{do: func(e *exporter) { e.api.Heal(); scrape(e) }, absent: []string{"forbidden", `class="list old"`, "1 down"}},
		{pause: 6 * time.Minute, want: []string{"The last scrape was", ">6 min<"}},
	},
	"rate limit": {
		{do: scrapeWith(simulation.Fault{Status: http.StatusTooManyRequests, RetryAfter: "90"})},
		{do: scrape, want: []string{"1 request was not sent"}},
		{do: scrape, want: []string{"held off", ">1 min 30 s<", "2 requests were not sent", "rate_limited"}},
		{pause: 2 * time.Minute, absent: []string{"<strong>held off"}},
	},
}

func TestStatus(t *testing.T) {
	for name, steps := range statusTests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newBubbleExporter(t, Options{}, edge)
				for _, step := range steps {
					time.Sleep(step.pause)
					if step.do != nil {
						step.do(e)
					}
					text := e.statusPage(t)
					wantStrings(t, text, step.want...)
					wantNoStrings(t, text, step.absent...)
				}
			})
		})
	}
}

func TestStatusHeaders(t *testing.T) {
	header := newExporter(t, Options{}, edge).do(http.MethodGet, "/").Header()
	wantStrings(t, header.Get("Content-Security-Policy"), "default-src 'none'; style-src 'sha256-")
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
