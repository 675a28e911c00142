package collector_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

// reloading is an exporter with a configuration file.
type reloading struct {
	*exporter
	t          *testing.T
	file       string
	credential string // its parts beside the file with the token
}

func newReloading(t *testing.T) *reloading {
	r := &reloading{t: t, file: filepath.Join(t.TempDir(), "config.yml")}
	if err := os.WriteFile(r.file+".token", []byte(token), 0o600); err != nil {
		t.Fatal(err)
	}
	r.write(accountID)
	r.exporter = newExporter(t, setup{configFile: r.file, maxRequests: 60})
	r.api.Account(otherID)
	return r
}

// write lists accounts, each with the word after its id as a name.
func (r *reloading) write(accounts ...string) {
	r.t.Helper()
	text := "credentials: {default: {" + r.credential + "authorization: {credentials_file: config.yml.token}}}\naccounts:\n"
	for _, account := range accounts {
		id, name, _ := strings.Cut(account, " ")
		text += fmt.Sprintf("- {id: %s, name: %q}\n", id, name)
	}
	if err := os.WriteFile(r.file, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

func (r *reloading) reload() (int, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.server.URL+"/-/reload", http.NoBody)
	if err != nil {
		r.t.Fatal(err)
	}
	resp, err := r.server.Client().Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestReload(t *testing.T) {
	r := newReloading(t)
	r.api.Inject(cfapitest.Fault{Status: 404, Times: 1})
	r.scrape(t, "/metrics")
	r.write(accountID+" edge", otherID)
	if status, text := r.reload(); status != http.StatusOK {
		t.Fatal(status, text)
	}
	text := r.scrape(t, "/metrics")
	expect(t, text, `cloudflare_pcap_scrape_errors_total{account="`+accountID+`",reason="rejected"} 1`)
	expect(t, text, `cloudflare_pcap_account_info{account="`+accountID+`",name="edge"} 1`)
	expect(t, text, `cloudflare_pcap_up{account="`+otherID+`"} 1`)

	for _, bad := range []string{"accounts: x", "accounts: [{id: " + accountID + ", credential: lab}]",
		"credentials: {default: {authorization: {credentials_file: nowhere}}}\naccounts: [{id: " + accountID + "}]",
		"credentials: {default: {authorization: {credentials: x}, tls_config: {ca_file: nowhere}}}\naccounts: [{id: " + accountID + "}]",
	} {
		if err := os.WriteFile(r.file, []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if status, text := r.reload(); status != http.StatusInternalServerError || strings.Count(text, "\n") != 1 {
			t.Error(status, text)
		}
		text = r.scrape(t, "/metrics")
		expect(t, text, `cloudflare_pcap_exporter_config_last_reload_successful 0`)
		expect(t, text, `cloudflare_pcap_up{account="`+otherID+`"} 1`)
	}

	r.write(otherID)
	r.reload()
	text = r.scrape(t, "/metrics")
	expect(t, text, `cloudflare_pcap_exporter_config_last_reload_successful 1`)
	if strings.Contains(text, accountID) {
		t.Error("an account that was removed is still there")
	}
}

// TestReloadKeepsTheHoldOff has a credential that does not change, then one with
// the same token by another way, and then one with another token.
func TestReloadKeepsTheHoldOff(t *testing.T) {
	r := newReloading(t)
	r.api.Inject(cfapitest.Fault{Status: 429, RetryAfter: "60", Times: 1})
	r.scrape(t, "/metrics")
	r.write(accountID, otherID)
	r.reload()
	r.scrape(t, "/metrics")
	r.credential = "enable_http2: false, "
	r.write(accountID, otherID)
	r.reload()
	r.scrape(t, "/metrics")
	if n := len(r.api.Requests()); n != 1 {
		t.Errorf("%d requests during the hold-off", n)
	}
	r.credential = "http_headers: {X-Auth-Email: {values: [noc@example.com]}}, "
	r.write(accountID, otherID)
	r.reload()
	expect(t, r.scrape(t, "/metrics"), `cloudflare_pcap_up{account="`+accountID+`"} 1`)
}

// TestReloadDuringScrapes reloads a thousand times among 50 scrapers: none
// fails, no counter starts anew, and nothing is left behind.
func TestReloadDuringScrapes(t *testing.T) {
	r := newReloading(t)
	r.api.Inject(cfapitest.Fault{Status: 404, Times: 1})
	r.scrape(t, "/probe?target="+accountID)
	before := r.leftovers()
	stop := make(chan struct{})
	var scrapes sync.WaitGroup
	for range 50 {
		scrapes.Go(func() {
			for {
				text := r.scrape(t, "/probe?target="+accountID)
				expect(t, text, `cloudflare_pcap_scrape_errors_total{account="`+accountID+`",reason="rejected"} 1`)
				select {
				case <-stop:
					return
				case <-time.After(20 * time.Millisecond): // or reloads would hardly have their turn
				}
			}
		})
	}
	for i := range 1000 {
		r.credential = []string{"", "", "enable_http2: false, "}[i%3]
		r.write([]string{accountID + fmt.Sprint(" ", i), otherID}[:1+i%2]...)
		if status, text := r.reload(); status != http.StatusOK {
			t.Fatal(status, text)
		}
	}
	close(stop)
	scrapes.Wait()
	r.credential = ""
	r.write(accountID)
	r.reload()
	eventually(t, "the goroutines, the connections and the memory to be given back", func() bool {
		after := r.leftovers()
		return after.goroutines <= before.goroutines && after.connections <= before.connections && after.heap < before.heap+1<<20
	})
}

type leftovers struct {
	goroutines  int
	connections int64  // to the API
	heap        uint64 // bytes
}

// leftovers are what is in use once the scrapers' idle connections are closed.
func (r *reloading) leftovers() leftovers {
	r.server.Client().CloseIdleConnections()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return leftovers{runtime.NumGoroutine(), r.open.Load(), m.HeapAlloc}
}

func TestServiceDiscovery(t *testing.T) {
	e := newExporter(t, setup{accounts: []collector.AccountConfig{{ID: accountID, Name: `edge "1"`}, {ID: otherID}}})
	_, got := e.get(t, "/sd")
	want := `[{"targets":["` + accountID + `"],"labels":{"__meta_cloudflare_account_id":"` + accountID + `","__meta_cloudflare_account_name":"edge \"1\""}},` +
		`{"targets":["` + otherID + `"],"labels":{"__meta_cloudflare_account_id":"` + otherID + `","__meta_cloudflare_account_name":""}}]` + "\n"
	if got != want {
		t.Errorf("got %s want %s", got, want)
	}
	if n := len(e.api.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}
