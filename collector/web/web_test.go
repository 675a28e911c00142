package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
)

func TestRoutes(t *testing.T) {
	file := writeConfig(t, credentialsYAML+"accounts: ["+edgeYAML+"]")
	for name, test := range map[string]struct {
		options  Options
		statuses map[string]int
	}{
		"default": {Options{ConfigFile: file}, map[string]int{
			"GET /": 200, "HEAD /": 200, "POST /": 405, "GET /index.html": 404, "HEAD /x": 404, "GET /favicon.ico": 404,
			"GET /metrics": 200, "HEAD /metrics": 200, "HEAD /probe?target=edge": 200, "POST /metrics": 405, "GET /probe?target=edge": 200, "POST /probe": 405, "GET /sd": 200, "POST /sd": 405,
			"GET /-/healthy": 200, "GET /-/ready": 200, "POST /-/reload": 403, "GET /debug/pprof/": 404,
		}},
		"lifecycle and profiles": {Options{ConfigFile: file, Lifecycle: true, Pprof: true}, map[string]int{
			"POST /-/reload": 200, "GET /-/reload": 405, "GET /debug/pprof/": 200, "GET /debug/pprof/heap": 200,
			"GET /debug/pprof/cmdline": 200, "GET /debug/pprof/symbol": 200,
			"GET /debug/pprof/profile?seconds=1": 200, "GET /debug/pprof/trace?seconds=0.01": 200,
		}},
	} {
		e := newExporter(t, test.options, edge)
		for request, want := range test.statuses {
			method, path, _ := strings.Cut(request, " ")
			before := len(e.api.Requests())
			if w := e.do(method, path); w.Code != want || w.Header().Get("Content-Type") == "" {
				t.Errorf("%s: %s: status %d, want %d; header %v", name, request, w.Code, want, w.Header())
			}
			if n := len(e.api.Requests()) - before; n > 0 && method == http.MethodHead {
				t.Errorf("%s: %d requests to the API", request, n)
			}
		}
	}
}

// Scrapes beyond --web.max-requests are rejected until others have ended. The memory of concurrent
// responses of /metrics is bounded by the number of their accounts, too.
func TestMaxRequests(t *testing.T) {
	for accounts, want := range map[int]int{1: 40, 100: 25, 1500: 2} {
		synctest.Test(t, func(t *testing.T) {
			var configured []config.Account
			for i := range accounts {
				configured = append(configured, config.Account{ID: fmt.Sprintf("%032x", i)})
			}
			e := newBubbleExporter(t, Options{}, configured...)
			e.api.Inject(simulation.Fault{Hang: true})
			for range 2 { // the places are free again after the scrapes
				var scrapes sync.WaitGroup
				var served atomic.Int32
				for range 41 {
					scrapes.Go(func() {
						if w := e.do(http.MethodGet, "/metrics"); w.Code == http.StatusOK {
							served.Add(1)
						} else if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "too many concurrent scrapes") {
							t.Errorf("status %d: %s", w.Code, w.Body)
						}
					})
				}
				synctest.Wait()
				probed := map[bool]int{true: http.StatusServiceUnavailable, false: http.StatusOK}[want == 40]
				for path, want := range map[string]int{"/probe?target=" + configured[0].ID: probed, "/": 200, "/sd": 200, "/-/healthy": 200, "/-/ready": 200} {
					if w := e.do(http.MethodGet, path); w.Code != want {
						t.Errorf("%s: status %d, want %d", path, w.Code, want)
					}
				}
				scrapes.Wait()
				if got := int(served.Load()); got != want {
					t.Errorf("%d accounts: %d served at once, want %d", accounts, got, want)
				}
			}
		})
	}
}

// No response and no log line contains the token, the key in the URI of a bucket or the
// addresses of a filter.
func TestSecrets(t *testing.T) {
	const address = "198.51.100.77"
	var output bytes.Buffer
	w := log.NewSyncWriter(&output)
	e := newExporter(t, Options{
		Accounts: accounts.Options{Series: captures.SeriesAll}, Buckets: true, Tokens: true, Pprof: true,
		Logger: log.NewLogfmtLogger(w),
	}, edge)
	e.api.Account(accountID).SetBuckets(simulation.Bucket{Destination: "r2://bucket?secret-access-key=" + simulation.Secret})
	scrape(e) // so that the failure is an event, which is logged
	_, err := e.api.Account(accountID).Submit(simulation.Capture{
		Type: "full", Colo: "ord02", End: "failed", ErrorMessage: simulation.BucketRefused,
		Destination: "r2://user:" + simulation.Secret + "@bucket/dir?secret-access-key=" + simulation.Secret,
		FilterV1:    map[string]any{"source_address": address},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, fault := range []simulation.Fault{
		{Times: 1},
		{Times: 1, Status: 401, Body: `{"success":false,"errors":[{"code":10000,"message":"bad ` + token + `"}]}`},
		{Times: 1, Redirect: "http://127.0.0.1:1/?" + simulation.Secret},
		{Times: 1, Body: "<html>" + token + " " + address},
		{Times: 1, Body: `{"` + token + `":` + token},
		{Times: 1, Reset: true},
	} {
		e.api.Inject(fault)
		for _, path := range []string{"/metrics", "/", "/-/ready", "/-/healthy", "/probe?target=" + accountID, "/probe?target=" + token, "/sd", "/debug/pprof/cmdline"} {
			_, _ = w.Write(e.do(http.MethodGet, path).Body.Bytes())
		}
	}
	wantStrings(t, output.String(), `reason="bucket"`, `bucket="r2://bucket"`, "verify your ownership", "reason=unauthorized", "reason=decode", ".test")
	for line := range strings.Lines(output.String()) {
		for _, secret := range []string{token, simulation.Secret, address} {
			if strings.Contains(line, secret) {
				t.Errorf("%s in %s", secret, line)
			}
		}
	}
}
