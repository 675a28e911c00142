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

// freezingProxy is a TCP proxy that can drop all bytes of its connections without closing them,
// like a NAT or a firewall that has lost its state.
type freezingProxy struct {
	net.Listener
	mu     sync.Mutex
	frozen []*atomic.Bool // one for each connection
}

func newFreezingProxy(t *testing.T, target string) *freezingProxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &freezingProxy{Listener: listener}
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

// transfer copies bytes in one direction, and drops them while the connection is frozen.
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
			_, _ = to.Write(buf[:n]) // the other direction notices a closed connection
		}
	}
}

// freeze freezes all current connections.
func (f *freezingProxy) freeze() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, frozen := range f.frozen {
		frozen.Store(true)
	}
}

// TestDeadConnection scrapes over connections that die silently.
func TestDeadConnection(t *testing.T) {
	t.Parallel()
	api := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 1 {
			t.Errorf("the protocol is %s, want HTTP/1.1", r.Proto)
		}
		_, _ = io.WriteString(w, `{"success":true,"result":[]}`)
	}))
	api.EnableHTTP2 = true
	api.StartTLS()
	defer api.Close()
	proxy := newFreezingProxy(t, api.Listener.Addr().String())
	exporter := startInsecure(t, "https://"+proxy.Addr().String(), 30)
	const interval = 5 * time.Second
	for i := range 4 {
		if i == 1 {
			proxy.freeze()
		}
		scraped := time.Now()
		body, err := scrapeWithin(t, exporter, interval)
		up := strings.Count(body, "} 1\n")
		if took := time.Since(scraped); err != nil || took > interval || i != 1 && up != 30 {
			t.Fatalf("scrape %d: %d accounts are up after %v, error %v", i, up, took, err)
		}
		time.Sleep(time.Until(scraped.Add(interval)))
	}
}

// startInsecure starts an exporter that does not verify certificates.
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

// scrapeWithin scrapes with the given timeout, as Prometheus does. It returns the samples of
// cloudflare_pcap_up.
func scrapeWithin(t *testing.T, exporter *process, timeout time.Duration) (string, error) {
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+exporter.addr+"/metrics", http.NoBody)
	if err != nil {
		return "", err
	}
	req.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", fmt.Sprint(timeout.Seconds()))
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
