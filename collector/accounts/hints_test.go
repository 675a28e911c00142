package accounts

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestHint(t *testing.T) {
	for _, reason := range cfapi.Reasons() {
		if hints[reason] == "" {
			t.Errorf("no hint for %s", reason)
		}
	}
	for err, want := range map[error]string{
		&cfapi.Error{StatusCode: 401, Code: 10000}: hints[cfapi.ReasonUnauthorized],
		&cfapi.Error{StatusCode: 403, Code: 10000}: hints[cfapi.ReasonForbidden],
		&cfapi.Error{StatusCode: 400, Code: 6003}:  malformed,
		&cfapi.Error{StatusCode: 403, Code: 9109}:  hintByCode[9109],
		&cfapi.Error{StatusCode: 429, Code: 10502}: hintByCode[10502],
		&cfapi.Error{StatusCode: 403}:              challenge,
		&cfapi.Error{StatusCode: 404, Code: 7003}:  hints[cfapi.ReasonRejected],
		errors.New("no route"):                     hints[cfapi.ReasonNetwork],
	} {
		if got := hint(fmt.Errorf("listing captures: %w", err)); got != want || got == "" {
			t.Errorf("%v: got %q, want %q", err, got, want)
		}
	}
	for _, reason := range []cfapi.Reason{cfapi.ReasonUnauthorized, cfapi.ReasonForbidden} { // the API has one code for both
		if !strings.Contains(hints[reason], "account id is wrong") {
			t.Errorf("%s: %s", reason, hints[reason])
		}
	}
}

// listError returns the error of one request.
func listError(t *testing.T, url string, transport http.RoundTripper) error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	client := &cfapi.Client{BaseURL: url, Transport: transport, OnRequest: func(cfapi.Request) { cancel() }} // a retry would take time
	_, err := client.Captures(ctx, accountID)
	return err
}

// Each failure of a certificate has its own hint.
func TestHintsOfCertificates(t *testing.T) {
	server := httptest.NewUnstartedServer(new(simulation.API))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	for want, settings := range map[string]promconfig.TLSConfig{
		"":                                     {CA: ca},
		"tls_config.ca_file and SSL_CERT_FILE": {},
		"another server responds":              {CA: ca, ServerName: "api.invalid"},
	} {
		transport, err := newTransport(t.Context(), promconfig.HTTPClientConfig{TLSConfig: settings}, "")
		if err != nil {
			t.Fatal(err)
		}
		err = listError(t, server.URL, transport)
		if isRefusal := errors.As(err, new(*cfapi.Error)); isRefusal != (want == "") || !strings.Contains(hint(err), want) {
			t.Errorf("%v: %s, want %s", err, hint(err), want)
		}
	}
	for want, cert := range map[string]*x509.Certificate{
		"the certificate has expired":      {NotAfter: time.Now().Add(-time.Hour)},
		"the certificate is not yet valid": {NotBefore: time.Now().Add(time.Hour)},
	} {
		err := &tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Cert: cert, Reason: x509.Expired}}
		if got := hint(err); !strings.HasPrefix(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestHintWithoutTLS(t *testing.T) {
	plain := httptest.NewServer(new(simulation.API))
	defer plain.Close()
	closes, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closes.Close() }()
	go func() {
		for conn, err := closes.Accept(); err == nil; conn, err = closes.Accept() {
			_, _ = conn.Read(make([]byte, 10_000))
			_ = conn.Close()
		}
	}()
	for _, address := range []string{plain.Listener.Addr().String(), closes.Addr().String()} {
		err := listError(t, "https://"+address, newHTTPTransport(new(promconfig.HTTPClientConfig), ""))
		if !strings.Contains(hint(err), "does not use TLS") {
			t.Errorf("%v: %s", err, hint(err))
		}
	}
	if err := fmt.Errorf("%w: %w", cfapi.ErrCredentials, errors.New("EOF")); hint(err) != hints[cfapi.ReasonCredentials] {
		t.Errorf("%v: %s", err, hint(err))
	}
}

// A handshake that is never answered ends before the scrape does.
func TestHintOfHandshakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport := newHTTPTransport(new(promconfig.HTTPClientConfig), "")
		client, server := net.Pipe()
		defer func() { _ = server.Close() }()
		transport.DialContext = func(context.Context, string, string) (net.Conn, error) { return client, nil }
		set := newSet(t, new(simulation.API), newConfig(accountID), Options{BaseURL: "https://api.invalid", Transport: transport})
		ctx, cancel := context.WithTimeout(t.Context(), 9500*time.Millisecond)
		defer cancel()
		if s := set.Targets().Accounts[0].Scrape(ctx); s.Reason != cfapi.ReasonTimeout || !strings.Contains(s.Hint, "GODEBUG=tlsmlkem=0") {
			t.Errorf("%v: %s", s.Err, s.Hint)
		}
	})
}
