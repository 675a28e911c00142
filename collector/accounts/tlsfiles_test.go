package accounts

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector/config"
)

// The files for TLS are read again for each request, which is not sent unless they are
// regular and usable.
func TestTLSFiles(t *testing.T) {
	api := &cfapitest.API{Token: token}
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
			_, err := newTransport(t.Context(), cfg.Credentials[config.DefaultCredential], new(config.FileReader))
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

// A client certificate needs two files.
func TestClientCertificateFiles(t *testing.T) {
	cfg := promconfig.TLSConfig{CertFile: "cert.pem", KeyFile: "key.pem"}
	settings, ok := secretFiles{new(config.FileReader)}.settings(&cfg)
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
