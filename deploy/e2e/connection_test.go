package e2e

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// freezer is a TCP proxy whose connections can stop to transfer bytes without being closed, as
// after a NAT or a firewall forgot them.
type freezer struct {
	net.Listener
	mu     sync.Mutex
	frozen []*atomic.Bool // of each connection
}

func freeze(t *testing.T, target string) *freezer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &freezer{Listener: listener}
	t.Cleanup(func() { _ = f.Close() })
	go func() {
		for {
			client, err := f.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				return
			}
			frozen := new(atomic.Bool)
			f.mu.Lock()
			f.frozen = append(f.frozen, frozen)
			f.mu.Unlock()
			go transfer(client, server, frozen)
			go transfer(server, client, frozen)
		}
	}()
	return f
}

func transfer(from, to net.Conn, frozen *atomic.Bool) {
	buf := make([]byte, 4096)
	for {
		n, err := from.Read(buf)
		if err != nil && !frozen.Load() {
			_ = to.Close()
		}
		if err != nil {
			return
		}
		if !frozen.Load() {
			_, _ = to.Write(buf[:n]) // a closed connection is noticed by the other direction
		}
	}
}

// freezeAll freezes the connections that exist.
func (f *freezer) freezeAll() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, frozen := range f.frozen {
		frozen.Store(true)
	}
}

// TestDeadConnection scrapes over HTTP/2 connections that die silently. Prometheus' intervals
// are real, because the exporter's pings are.
func TestDeadConnection(t *testing.T) {
	t.Parallel()
	for interval, want := range map[time.Duration]int{5 * time.Second: 2, 15 * time.Second: 1} {
		t.Run(interval.String(), func(t *testing.T) {
			t.Parallel()
			api := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.ProtoMajor != 2 {
					t.Errorf("%s, want HTTP/2", r.Proto)
				}
				_, _ = io.WriteString(w, `{"success":true,"result":[]}`)
			}))
			api.EnableHTTP2 = true
			api.StartTLS()
			defer api.Close()
			proxy := freeze(t, api.Listener.Addr().String())
			exporter := startInsecure(t, "https://"+proxy.Addr().String(), 30)
			failed := 0
			for i := range 4 {
				if i == 1 {
					proxy.freezeAll()
				}
				scraped := time.Now()
				body, err := scrapeWithin(t, exporter, interval)
				up := strings.Count(body, "} 1\n")
				if up < 30 {
					failed++
				}
				if took := time.Since(scraped); err != nil || took > interval || i == 0 && up != 30 {
					t.Fatalf("scrape %d: %d accounts after %v, %v", i, up, took, err)
				}
				time.Sleep(time.Until(scraped.Add(interval)))
			}
			if failed > want {
				t.Errorf("%d scrapes failed, want at most %d", failed, want)
			}
		})
	}
}

// startInsecure starts the exporter with a number of accounts, and does not verify
// certificates.
func startInsecure(t *testing.T, url string, accounts int) *process {
	t.Helper()
	config := "credentials: {default: {authorization: {credentials: e2e}, tls_config: {insecure_skip_verify: true}}}\naccounts:\n"
	for i := range accounts {
		config += fmt.Sprintf("  - {id: %032x}\n", i)
	}
	file := filepath.Join(t.TempDir(), "config.yml")
	write(t, file, config)
	return start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0", "--cloudflare.api-url="+url, "--config.file="+file)
}

// scrapeWithin scrapes as Prometheus does with the interval, and returns the series of
// cloudflare_pcap_up.
func scrapeWithin(t *testing.T, exporter *process, interval time.Duration) (string, error) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+exporter.addr+"/metrics", http.NoBody)
	if err != nil {
		return "", err
	}
	req.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", fmt.Sprint(interval.Seconds()))
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	up := ""
	for line := range strings.Lines(string(body)) {
		if strings.HasPrefix(line, "cloudflare_pcap_up{") {
			up += line
		}
	}
	return up, err
}
