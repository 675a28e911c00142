package collector_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/collector"
)

func TestTokenFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(" " + token + "\n")
	e := newExporter(t, setup{tokenFile: file})
	up := func(want string) {
		t.Helper()
		expect(t, e.scrape(t, "/metrics"), `cloudflare_pcap_up{account="`+accountID+`"} `+want)
	}
	up("1")
	write("another")
	up("0")
	e.api.Token = "another"
	up("1")
	sent := len(e.api.Requests())

	for _, spoil := range []func(){
		func() { write(" \n") },
		func() { write("two words") },
		func() { _ = os.Remove(file) },
	} {
		spoil()
		up("0")
		if status, text := e.get(t, "/-/ready"); status != http.StatusServiceUnavailable || !strings.Contains(text, file) {
			t.Errorf("/-/ready: %d %s", status, text)
		}
	}
	text := e.scrape(t, "/metrics")
	expect(t, text, `cloudflare_pcap_scrape_errors_total{account="`+accountID+`",reason="credentials"} 4`)
	expect(t, text, `cloudflare_pcap_api_request_failures_total{endpoint="pcaps",reason="credentials"} 0`)
	if n := len(e.api.Requests()); n != sent {
		t.Errorf("%d requests went out without a token", n-sent)
	}

	write("another")
	up("1")
	if status, _ := e.get(t, "/-/ready"); status != http.StatusOK {
		t.Errorf("/-/ready: %d", status)
	}
}

func TestParseAPIURL(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.cloudflare.com/client/v4/": "https://api.cloudflare.com/client/v4",
		"http://127.0.0.1:8080":                 "http://127.0.0.1:8080",
		"http://[::1]:8080/x":                   "http://[::1]:8080/x",
		"http://localhost/x//":                  "http://localhost/x",
		"http://api.cloudflare.com/client/v4":   "",
		"http://127.0.0.1.example.com":          "",
		"ftp://127.0.0.1":                       "",
		"api.cloudflare.com":                    "",
		"https://":                              "",
		"https://user:secret@host/":             "",
		"https://host/?token=secret":            "",
		"https://host/#secret":                  "",
		"":                                      "",
		"https://ho st/secret":                  "",
	} {
		got, err := collector.ParseAPIURL(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", text, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error repeats it: %v", text, err)
		}
	}
}
