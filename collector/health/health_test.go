package health_test

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/collector/health"
)

func answer(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method+" "+r.URL.Path == "GET /-/healthy" {
			w.WriteHeader(status)
		} else {
			http.NotFound(w, r)
		}
	}
}

func TestCheck(t *testing.T) {
	broken := func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("no certificate") }
	mutual := func(newest uint16) *tls.Config {
		return &tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: newest, MinVersion: tls.VersionTLS12}
	}
	for name, test := range map[string]struct {
		status int
		tls    *tls.Config
		want   string // "" if it is healthy
	}{
		"healthy":                {status: 200},
		"a password":             {status: 401},
		"a rate limit":           {status: 429},
		"TLS":                    {status: 200, tls: &tls.Config{}},
		"a password by TLS":      {status: 401, tls: &tls.Config{}},
		"mutual TLS":             {status: 200, tls: mutual(tls.VersionTLS13)},
		"mutual TLS 1.2":         {status: 200, tls: mutual(tls.VersionTLS12)},
		"a certificate has gone": {status: 200, tls: &tls.Config{GetConfigForClient: broken}, want: "does not answer at ADDRESS: remote error: tls: internal error"},
		"broken":                 {status: 500, want: "at ADDRESS is not healthy: it answers with status 500"},
		"another program":        {status: 404, want: "at ADDRESS is not healthy: it answers with status 404"},
		"broken by TLS":          {status: 500, tls: &tls.Config{}, want: "at ADDRESS is not healthy: it answers with status 500"},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewUnstartedServer(answer(test.status))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			if server.TLS = test.tls; test.tls != nil {
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			address := server.Listener.Addr().String()
			want := strings.Replace(test.want, "ADDRESS", address, 1)
			got := ""
			if err := health.Check(t.Context(), address); err != nil {
				got = err.Error()
			}
			if got, _ = strings.CutPrefix(got, "the exporter "); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestCheckAtAddress(t *testing.T) {
	server := httptest.NewServer(answer(200))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"", "0.0.0.0", "localhost"} {
		if err := health.Check(t.Context(), host+":"+port); err != nil {
			t.Errorf("%q: %v", host, err)
		}
	}
	server.Close()
	for address, want := range map[string]string{
		":" + port:    "the exporter does not answer at :" + port + ": dial tcp",
		"17227":       "--web.listen-address: address 17227: missing port in address",
		"vsock://:99": "--web.listen-address: address vsock://:99: too many colons in address",
	} {
		if err := health.Check(t.Context(), address); err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %s…", address, err, want)
		}
	}
}

// TestCheckTimesOut asks what accepts connections and never answers.
func TestCheckTimesOut(t *testing.T) {
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close() //nolint:errcheck // nobody has used it
	err = health.Check(t.Context(), listener.Addr().String())
	if err == nil || !strings.HasSuffix(err.Error(), "context deadline exceeded") {
		t.Errorf("got %v", err)
	}
}
