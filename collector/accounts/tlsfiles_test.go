package accounts

import (
	"bytes"
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

// A CA file is read again for each request, and only if it is a regular file.
func TestCAFile(t *testing.T) {
	api := &cfapitest.API{Token: token}
	server := httptest.NewUnstartedServer(api)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	file := filepath.Join(t.TempDir(), "ca.pem")
	write(t, file, string(ca))
	cfg := newConfig(accountID)
	cfg.Credentials[config.DefaultCredential] = promconfig.HTTPClientConfig{
		Authorization: cfg.Credentials[config.DefaultCredential].Authorization,
		TLSConfig:     promconfig.TLSConfig{CAFile: file},
		EnableHTTP2:   true,
	}
	set := newSet(t, api, cfg, Options{BaseURL: server.URL})
	a := set.Targets().Accounts[0]
	for name, step := range map[string]struct {
		replace func() error
		want    cfapi.Reason
	}{
		"same":     {func() error { return os.WriteFile(file, ca, 0o600) }, ""},
		"new line": {func() error { return os.WriteFile(file, append(bytes.Clone(ca), '\n'), 0o600) }, ""},
		"too long": {func() error { return os.WriteFile(file, make([]byte, maxSecretFile+1), 0o600) }, cfapi.ReasonCredentials},
		"missing":  {func() error { return nil }, cfapi.ReasonCredentials},
		"FIFO":     {func() error { return syscall.Mkfifo(file, 0o600) }, cfapi.ReasonCredentials},
	} {
		if err := errors.Join(os.Remove(file), step.replace()); err != nil {
			t.Fatal(err)
		}
		if s := a.Scrape(t.Context()); s.Up != (step.want == "") || a.Status().Reason != step.want {
			t.Errorf("%s: up %v, reason %q, want %q", name, s.Up, a.Status().Reason, step.want)
		}
		if step.want == "" {
			continue
		}
		if _, err := New(t.Context(), cfg, Options{}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s at the start: %v", name, err)
		}
		_ = os.Remove(file)
		write(t, file, "")
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
