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

func TestStart(t *testing.T) {
	api, err := Start(t.Context(), false)
	if err != nil {
		t.Fatal(err)
	}
	for _, account := range api.Config.Accounts {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, api.URL+"/accounts/"+account.ID+"/pcaps", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusOK || account.Name == "" {
			t.Errorf("%+v: status %d", account, resp.StatusCode)
		}
	}
	api.Close()
	if _, err := net.DialTimeout("tcp", strings.TrimPrefix(api.URL, "http://"), time.Second); err == nil {
		t.Error("it still listens after Close")
	}
}

// TestFaults checks that one account has a token of its own, and that accounts are looked up.
func TestFaults(t *testing.T) {
	api, err := Start(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	defer api.Close()
	shared := 0
	for _, account := range api.Config.Accounts {
		if account.Credential == simulation.DemoShared {
			shared++
		}
	}
	if n := len(api.Config.Accounts); n != 8 || shared != 1 || !api.Config.Discover {
		t.Errorf("%d accounts, %d with a token of their own, discover %v", n, shared, api.Config.Discover)
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
