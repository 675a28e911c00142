package demo

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

// With faults, one account has a token of its own, and accounts are looked up.
func TestStart(t *testing.T) {
	for _, faults := range []bool{false, true} {
		api, err := Start(t.Context(), faults)
		if err != nil {
			t.Fatal(err)
		}
		tokens := make(map[string]int)
		for _, account := range api.Config.Accounts {
			tokens[account.Credential]++
		}
		if api.Config.Discover != faults || faults && (tokens["default"] != 7 || tokens[simulation.DemoShared] != 1) || !faults && len(tokens) != 1 {
			t.Errorf("faults %v: discover %v, accounts %v", faults, api.Config.Discover, tokens)
		}
		if err := api.Config.Validate(); err != nil {
			t.Error(err)
		}
		if resp, err := http.Get(api.URL); err != nil || resp.Body.Close() != nil { // Close must not come before it serves
			t.Error(err)
		}
		api.Close()
		if _, err := net.DialTimeout("tcp", strings.TrimPrefix(api.URL, "http://"), time.Second); err == nil {
			t.Error("it still listens after Close")
		}
	}
}

func TestAnnounce(t *testing.T) {
	var out strings.Builder
	Announce(&out, &net.TCPAddr{IP: net.IPv6zero, Port: 17227})
	if !strings.Contains(out.String(), "curl http://localhost:17227/metrics\n") || strings.Contains(out.String(), "[::]") {
		t.Errorf("got %s", &out)
	}
}

func TestScrape(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 12*time.Second)
		defer cancel()
		scrapes := 0
		Scrape(ctx, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			scrapes++
			w.Header().Set("X", "x")
			w.WriteHeader(http.StatusOK)
			if n, err := w.Write([]byte("x")); n != 1 || err != nil || r.URL.Path != "/metrics" {
				t.Errorf("%s: %d, %v", r.URL, n, err)
			}
		}), "/metrics")
		if scrapes != 3 { // immediately, and after 5 and 10 seconds
			t.Errorf("%d scrapes in 12 s", scrapes)
		}
	})
}
