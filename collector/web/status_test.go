package web

import (
	"fmt"
	"net/http"
	"strings"
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

// scrapeList scrapes a list of captures.
func scrapeList(captures string) func(*exporter) {
	return func(e *exporter) {
		e.api.Account(accountID).Respond([]byte(`{"success":true,"result":[` + captures + `]}`))
		scrape(e)
	}
}

var statusTests = map[string][]statusStep{
	"first scrape": {
		{want: []string{"Not scraped yet", "edge", accountID, `href="./metrics"`, ">unknown<", "1.2.3"}, absent: []string{"</b> unfinished"}},
		{do: scrape, want: []string{"1199 of 1200", "No captures.", "<b>0</b> unfinished"}, absent: []string{"ot scraped yet"}},
	},
	"failures": {
		{do: scrapeList(`{"id":"1","status":"success"}`)},
		{pause: time.Minute, do: scrapeWith(simulation.Fault{Times: 1, Status: http.StatusNotFound}, simulation.Fault{Status: http.StatusForbidden}), want: []string{"rejected"}},
		{pause: 9 * time.Minute, do: func(e *exporter) { e.do(http.MethodGet, "/probe?target=edge") }},
		{pause: time.Minute, absent: []string{"</b> unfinished"}, want: []string{
			"<b>forbidden</b>, failing for ", ">10 min<", ">11 min<", "give the token the permission", "<bdi>listing captures: the API responded 403 Forbidden", "success</bdi> <b>1</b>", `class="list old"`, "<title>1 down",
		}},
		{do: func(e *exporter) { e.api.Heal(); scrape(e) }, absent: []string{"forbidden", `class="list old"`, "1 down"}},
		{pause: 6 * time.Minute, want: []string{"The last scrape was", ">6 min<"}},
	},
	"tables": { // the clock starts at 2000-01-01T00:00:00Z
		{do: scrapeList(`{"id":"1","type":"full","status":"pending","submitted":"1999-12-31T23:58:00Z"}`),
			want: []string{"no time limit", ">2 min</time> ago"}},
		{do: scrapeList(`{"id":"2","status":"running","submitted":"1999-12-31T23:55:00Z","time_limit":1200},
			{"id":"3","status":"running","submitted":"1999-12-31T23:50:00Z","time_limit":1200}`),
			want: []string{"× 2, first due:", ">10 min</time> ago", "50 % of 20 min"}},
		{do: scrapeList(`{"id":"4","status":"complete","error_message":"No packets matched"},{"id":"5","status":"failed"}`),
			want: []string{"no message <b>1</b>"}},
		{do: scrapeList(`{"id":"6","status":"failed","error_message":"No packets matched"}`),
			want: []string{"no_packets_matched <b>1</b>"}, absent: []string{"no message <b>"}},
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

func TestStatusWithoutAccounts(t *testing.T) {
	wantStrings(t, newExporter(t, Options{}).statusPage(t), "No account yet")
}

func TestStatusTruncatesName(t *testing.T) {
	e := newExporter(t, Options{}, config.Account{ID: accountID, Name: strings.Repeat("x", 129)})
	wantStrings(t, e.statusPage(t), ">"+strings.Repeat("x", 128)+"<")
}

func TestStatusEscapesValues(t *testing.T) {
	const attack = `"'></svg></style><script>alert(1)</script>`
	e := newExporter(t, Options{}, config.Account{ID: accountID, Name: attack})
	scrapeList(fmt.Sprintf(`{"id":"1","status":%[1]q,"type":%[1]q,"system":%[1]q,"colo_name":%[1]q},
		{"id":"2","status":"running","type":%[1]q,"system":%[1]q,"colo_name":%[1]q},
		{"id":"3","status":"failed","type":%[1]q,"system":%[1]q,"colo_name":%[1]q,"error_message":%[1]q}`, attack))(e)
	text := e.statusPage(t)
	// The name, a status in one legend, the colo, type and system of two rows, and a message.
	if n := strings.Count(text, "&lt;script&gt;"); n != 9 {
		t.Errorf("%d escaped values", n)
	}
	wantNoStrings(t, text, "<script")
	wantStrings(t, text, "7 undocumented values")
}

// A value that changes the direction of writing must not affect the text next to it.
func TestStatusIsolatesDirection(t *testing.T) {
	const override = "\u202e"
	e := newExporter(t, Options{}, edge)
	scrapeList(fmt.Sprintf(`{"id":"1","status":"%[1]s1","type":"%[1]s2","system":"%[1]s3","colo_name":"%[1]s4"},
		{"id":"2","status":"running","type":"%[1]s2","system":"%[1]s3","colo_name":"%[1]s4"}`, override))(e)
	text := e.statusPage(t)
	for i := range 4 {
		wantStrings(t, text, fmt.Sprintf("<bdi>%s%d</bdi>", override, i+1))
	}
	if strings.Count(text, override) != strings.Count(text, "<bdi>"+override) {
		t.Errorf("not isolated:\n%s", text)
	}
}

func TestStatusHeaders(t *testing.T) {
	header := newExporter(t, Options{}, edge).do(http.MethodGet, "/").Header()
	policy := header.Get("Content-Security-Policy")
	wantStrings(t, policy, "default-src 'none'; style-src 'sha256-", "frame-ancestors 'none'")
	wantNoStrings(t, policy, "unsafe", "http")
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store",
		"Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
