package accounts

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

// The files for TLS are read again for each request. Their failures are credentials.
func TestTLSFiles(t *testing.T) {
	api := &simulation.API{Token: token}
	server := httptest.NewUnstartedServer(api)
	server.EnableHTTP2 = true
	server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert} //nolint:gosec // a test
	server.StartTLS()
	defer server.Close()
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	key, err := x509.MarshalPKCS8PrivateKey(server.TLS.Certificates[0].PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	good := map[string][]byte{
		filepath.Join(dir, "ca"):   cert,
		filepath.Join(dir, "cert"): cert,
		filepath.Join(dir, "key"):  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	}
	for file, content := range good {
		write(t, file, string(content))
	}
	cfg := newTLSConfig(promconfig.TLSConfig{
		CAFile: filepath.Join(dir, "ca"), CertFile: filepath.Join(dir, "cert"), KeyFile: filepath.Join(dir, "key"),
	}, true)
	requests := 0
	set := newSet(t, api, cfg, Options{BaseURL: server.URL, OnRequest: func(cfapi.Request) { requests++ }})
	a := set.Targets().Accounts[0]
	for file, content := range good {
		for name, step := range map[string]struct {
			replace func() error
			want    cfapi.Reason
		}{
			"same":     {func() error { return os.WriteFile(file, content, 0o600) }, ""},
			"new line": {func() error { return os.WriteFile(file, append(bytes.Clone(content), '\n'), 0o600) }, ""},
			"too long": {func() error { return os.WriteFile(file, make([]byte, maxSecretFile+1), 0o600) }, cfapi.ReasonCredentials},
			"not PEM":  {func() error { return os.WriteFile(file, []byte("SECRET"), 0o600) }, cfapi.ReasonCredentials},
			"empty":    {func() error { return os.WriteFile(file, nil, 0o600) }, cfapi.ReasonCredentials},
			"missing":  {func() error { return nil }, cfapi.ReasonCredentials},
			"FIFO":     {func() error { return syscall.Mkfifo(file, 0o600) }, cfapi.ReasonCredentials},
		} {
			if err := errors.Join(os.Remove(file), step.replace()); err != nil {
				t.Fatal(err)
			}
			requests = 0
			if s := a.Scrape(t.Context()); s.Up != (step.want == "") || a.Status().Reason != step.want || s.Up != (requests == 1) {
				t.Errorf("%s, %s: up %v, reason %q, %d requests; want %q", filepath.Base(file), name, s.Up, a.Status().Reason, requests, step.want)
			}
			_, err := newTransport(t.Context(), cfg.Credentials[config.DefaultCredential], 0)
			for when, err := range map[string]error{"ready": set.Check(t.Context()), "at the start": err} {
				if (err == nil) != (step.want == "") || err != nil && (!strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "SECRET")) {
					t.Errorf("%s, %s, %s: %v", filepath.Base(file), name, when, err)
				}
			}
			_ = os.Remove(file)
			write(t, file, string(content))
		}
	}
}

// A request that was sent counts, even if it fails while a file for TLS is unusable.
func TestTLSFilesOfSentRequests(t *testing.T) {
	for want, fail := range map[cfapi.Reason]func(file string){
		cfapi.ReasonTimeout: func(string) { time.Sleep(time.Second) },
		cfapi.ReasonCredentials: func(file string) {
			_ = os.Remove(file)
			panic(http.ErrAbortHandler)
		},
	} {
		t.Run(string(want), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "ca")
			server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { fail(file) }))
			defer server.Close()
			write(t, file, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
			requests := make(chan cfapi.Request, 10)
			cfg := newTLSConfig(promconfig.TLSConfig{CAFile: file}, false)
			set := newSet(t, new(simulation.API), cfg, Options{BaseURL: server.URL, OnRequest: func(r cfapi.Request) { requests <- r }})
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond) // too short for a retry
			defer cancel()
			set.Targets().Accounts[0].Scrape(ctx)
			select {
			case r := <-requests:
				if got := cfapi.ReasonOf(r.Err); got != want {
					t.Errorf("reason %q: %v", got, r.Err)
				}
			case <-time.After(20 * time.Second):
				t.Error("the request was not counted")
			}
		})
	}
}

// A client certificate needs two files.
func TestClientCertificateFiles(t *testing.T) {
	cfg := promconfig.TLSConfig{CertFile: "cert.pem", KeyFile: "key.pem"}
	settings, ok := secretFiles{}.settings(&cfg)
	if !ok || settings.CA != nil || settings.Cert == nil || settings.Key == nil {
		t.Errorf("%+v, %v", settings, ok)
	}
	if cfg.CertRef != "cert.pem" || cfg.KeyRef != "key.pem" || cfg.CertFile != "" || cfg.KeyFile != "" {
		t.Errorf("%+v", cfg)
	}
	if _, ok := (secretFiles{}).settings(new(promconfig.TLSConfig)); ok {
		t.Error("files without any")
	}
}
