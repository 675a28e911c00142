package e2e

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

const (
	password     = "e2e-password"
	passwordHash = "$2a$04$97qDt533c6LsPYL9yLUtcu3sb4rViJlOIdQ2osn3bVBtwpHMcy9me" //nolint:gosec // the bcrypt hash of password
)

// TestSecured scrapes with TLS and basic authentication. The format is OpenMetrics, because
// Prometheus prefers it unless it scrapes native histograms.
func TestSecured(t *testing.T) {
	dir := t.TempDir()
	pool := certificate(t, dir)
	webConfig := filepath.Join(dir, "web.yml")
	example := pageBlocks(t, "deploy/docs/security.md", "# What is never exported, and how do I protect the exporter?")[0]
	hash := regexp.MustCompile(`\$2y\S+`)
	text := strings.NewReplacer("/etc/cloudflare_pcap_exporter/", "", hash.FindString(example), passwordHash).Replace(example)
	if err := os.WriteFile(webConfig, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	exporter := demo(t, "--web.config.file="+webConfig)
	p := scrape(t, "prometheus.yml", []*process{exporter}, "scheme: https",
		"tls_config: { ca_file: '"+filepath.Join(dir, "tls.crt")+"' }",
		"basic_auth: { username: prometheus, password: '"+password+"' }")

	eventually(t, func() error { return p.healthy(1) })
	eventually(t, p.want("account", `cloudflare_pcap_up`, map[string]float64{prodID: 1, labID: 1}))
	// Only OpenMetrics declares a counter without its suffix.
	eventually(t, p.wantType("cloudflare_pcap_scrape_errors", "counter"))

	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	defer client.CloseIdleConnections()
	for _, path := range []string{"/", "/metrics", "/probe?target=" + prodID, "/sd", "/-/healthy", "/-/ready"} {
		if _, err := get(t, client, "https://"+exporter.addr+path); err == nil || !strings.HasPrefix(err.Error(), "401 ") {
			t.Errorf("%s without a password: %v, want 401", path, err)
		}
	}
}

// certificate writes tls.crt and tls.key for 127.0.0.1. It returns a pool with the certificate.
func certificate(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	for name, block := range map[string]*pem.Block{
		"tls.crt": {Type: "CERTIFICATE", Bytes: cert},
		"tls.key": {Type: "PRIVATE KEY", Bytes: keyDER},
	} {
		text := pem.EncodeToMemory(block)
		pool.AppendCertsFromPEM(text)
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}
