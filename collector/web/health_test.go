package web

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Readiness depends on the credentials, one of which is enough, and not on the API.
func TestReady(t *testing.T) {
	file := writeConfig(t, "credentials: {default: {authorization: {credentials_file: token}}, lab: {authorization: {credentials_file: lab}}}\n"+
		"accounts: ["+edgeYAML+", {id: "+otherID+", credential: lab}]")
	tokenFile, lab := filepath.Join(filepath.Dir(file), "token"), filepath.Join(filepath.Dir(file), "lab")
	writeFile(t, lab, token)
	e := newExporter(t, Options{ConfigFile: file})
	check := func(want int, text string) {
		t.Helper()
		if w := e.do(http.MethodGet, "/-/ready"); w.Code != want || !strings.Contains(w.Body.String(), text) {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		if got := e.get(t, "/-/healthy"); got != "healthy\n" {
			t.Errorf("got %q", got)
		}
	}
	e.api.Token = "another"
	check(http.StatusOK, "ready\n")
	_ = os.Remove(lab)
	check(http.StatusOK, "ready\n")
	if n := len(e.api.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
	e.api.Token = token
	wantLines(t, e.get(t, "/metrics"), `up{account="`+accountID+`"} 1`, `up{account="`+otherID+`"} 0`,
		`scrape_errors_total{account="`+otherID+`",reason="credentials"} 1`)
	writeFile(t, tokenFile, "two words")
	check(http.StatusServiceUnavailable, tokenFile)
}

// newHealthServer returns a server that responds to a health check with the status.
func newHealthServer(t *testing.T, status int, tls bool) (address string) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method+" "+r.URL.Path != "GET /-/healthy" {
			t.Errorf("unexpected request %s %s", r.Method, r.URL)
		}
		w.WriteHeader(status)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	if tls {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

func TestCheckHealth(t *testing.T) {
	t.Parallel() // it waits for a timeout
	_, port, err := net.SplitHostPort(newHealthServer(t, http.StatusOK, false))
	if err != nil {
		t.Fatal(err)
	}
	broken := newHealthServer(t, http.StatusNotFound, false)
	hung, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = hung.Close() }()
	for address, want := range map[string]string{ // "" if it is healthy
		":" + port:          "",
		"0.0.0.0:" + port:   "",
		"localhost:" + port: "",
		newHealthServer(t, http.StatusUnauthorized, false):        "", // a password is required
		newHealthServer(t, http.StatusTooManyRequests, false):     "",
		newHealthServer(t, http.StatusOK, true):                   "",
		broken:                                                    "the exporter at " + broken + " is not healthy: it responds with status 404",
		newHealthServer(t, http.StatusInternalServerError, false): "it responds with status 500",
		hung.Addr().String():                                      "no response from the exporter at " + hung.Addr().String() + ": context deadline exceeded",
		"127.0.0.1:1":                                             "no response from the exporter at 127.0.0.1:1: dial tcp",
		"17227":                                                   "--web.listen-address: address 17227: missing port in address",
		"vsock://:99":                                             "--web.listen-address: address vsock://:99: too many colons in address",
	} {
		err := CheckHealth(t.Context(), address)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n")) {
			t.Errorf("%s: got error %v, want %q", address, err, want)
		}
	}
}
