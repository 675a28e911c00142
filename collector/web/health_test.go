package web

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Readiness depends on the credentials, not on the API.
func TestReady(t *testing.T) {
	file := writeConfig(t, credentialsYAML+"accounts: ["+edgeYAML+"]")
	tokenFile := filepath.Join(filepath.Dir(file), "token")
	e := newExporter(t, Options{ConfigFile: file})
	e.api.Token = "another"
	for _, spoil := range []func(){
		func() { writeFile(t, tokenFile, " \n") },
		func() { writeFile(t, tokenFile, "two words") },
		func() { _ = os.Remove(tokenFile) },
		func() { _ = errors.Join(os.Remove(tokenFile), syscall.Mkfifo(tokenFile, 0o600)) }, // last: nobody can write to it
	} {
		writeFile(t, tokenFile, token)
		if got := e.get(t, "/-/ready"); got != "ready\n" {
			t.Errorf("got %q", got)
		}
		spoil()
		if w := e.do(http.MethodGet, "/-/ready"); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), tokenFile) {
			t.Errorf("status %d: %s", w.Code, w.Body)
		}
		if got := e.get(t, "/-/healthy"); got != "healthy\n" {
			t.Errorf("got %q", got)
		}
	}
	if n := len(e.api.Requests()); n != 0 {
		t.Errorf("%d requests", n)
	}
}

// One of two token files that is missing takes only its own accounts out of service.
func TestReadyWithOneOfTwoCredentials(t *testing.T) {
	file := writeConfig(t, "credentials: {default: {authorization: {credentials_file: token}}, lab: {authorization: {credentials_file: lab}}}\n"+
		"accounts: ["+edgeYAML+", {id: "+otherID+", credential: lab}]")
	lab := filepath.Join(filepath.Dir(file), "lab")
	writeFile(t, lab, token)
	e := newExporter(t, Options{ConfigFile: file})
	for _, step := range []struct {
		remove string
		want   int
	}{{lab, http.StatusOK}, {filepath.Join(filepath.Dir(file), "token"), http.StatusServiceUnavailable}} {
		if err := os.Remove(step.remove); err != nil {
			t.Fatal(err)
		}
		if got := e.do(http.MethodGet, "/-/ready"); got.Code != step.want {
			t.Errorf("without %s: status %d: %s", step.remove, got.Code, got.Body)
		}
		if step.want == http.StatusOK {
			wantLines(t, e.get(t, "/metrics"), `up{account="`+accountID+`"} 1`, `up{account="`+otherID+`"} 0`,
				`scrape_errors_total{account="`+otherID+`",reason="credentials"} 1`)
		}
	}
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
	_, port, err := net.SplitHostPort(newHealthServer(t, http.StatusOK, false))
	if err != nil {
		t.Fatal(err)
	}
	broken := newHealthServer(t, http.StatusNotFound, false)
	for address, want := range map[string]string{ // "" if it is healthy
		":" + port:          "",
		"0.0.0.0:" + port:   "",
		"localhost:" + port: "",
		newHealthServer(t, http.StatusUnauthorized, false):        "", // a password is required
		newHealthServer(t, http.StatusTooManyRequests, false):     "",
		newHealthServer(t, http.StatusOK, true):                   "",
		broken:                                                    "the exporter at " + broken + " is not healthy: it responds with status 404",
		newHealthServer(t, http.StatusInternalServerError, false): "it responds with status 500",
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

func TestCheckHealthTimesOut(t *testing.T) {
	t.Parallel() // it waits for the timeout
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := CheckHealth(ctx, listener.Addr().String()); !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
		t.Errorf("got error %v", err)
	}
}
