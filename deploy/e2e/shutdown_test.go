package e2e

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
)

// TestShutdown terminates the exporter while a scrape waits for the API.
func TestShutdown(t *testing.T) {
	requested, respond := make(chan struct{}), make(chan struct{})
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(requested)
		select {
		case <-respond:
		case <-r.Context().Done():
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"success": true, "errors": [], "messages": [], "result": []}`))
	}))
	t.Cleanup(api.Close)
	exporter := start(t, []string{"CLOUDFLARE_API_TOKEN=e2e-0123456789-0123456789-0123456789-0123"}, exporterBinary,
		"--web.listen-address=127.0.0.1:0", "--cloudflare.api-url="+api.URL, "--cloudflare.account-id="+labID)

	type result struct {
		body string
		err  error
	}
	scraped := make(chan result, 1)
	go func() {
		body, err := get(t, http.DefaultClient, "http://"+exporter.addr+"/metrics")
		scraped <- result{body, err}
	}()
	select {
	case <-requested:
	case r := <-scraped:
		t.Fatalf("the scrape sent no API request: %v, %q", r.err, r.body)
	}
	if err := exporter.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	eventually(t, func() error {
		if conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", exporter.addr); err == nil {
			return errors.Join(errors.New("the exporter still accepts connections"), conn.Close())
		}
		return nil
	})
	close(respond)

	r := <-scraped
	if r.err != nil || !strings.Contains(r.body, `cloudflare_pcap_up{account="`+labID+`"} 1`) {
		t.Errorf("the scrape in flight got %v, %q", r.err, r.body)
	}
	if err := exporter.wait(); err != nil {
		t.Errorf("exporter: %v, want exit status 0", err)
	}
}
