package accounts

import (
	"cmp"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

const (
	accountID = "023e105f4ecef8ad9ca31a8372d0c353"
	otherID   = "8a3bd1c20000000000000000000000ff"
	token     = "test-token-6b1f"
)

// newConfig returns a configuration with a token and the given accounts.
func newConfig(ids ...string) *config.Config {
	cfg := &config.Config{Credentials: map[string]promconfig.HTTPClientConfig{
		config.DefaultCredential: {Authorization: &promconfig.Authorization{Type: "Bearer", Credentials: token}},
	}}
	for _, id := range ids {
		cfg.Accounts = append(cfg.Accounts, config.Account{ID: id, Credential: config.DefaultCredential})
	}
	return cfg
}

// newSet returns a Set that uses the API. Without a BaseURL it is connected by pipes, for a synctest
// bubble.
func newSet(t *testing.T, api *simulation.API, cfg *config.Config, o Options) *Set {
	t.Helper()
	for _, a := range cfg.Accounts {
		api.Account(a.ID)
	}
	o.Timeout, o.Logger = 10*time.Second, cmp.Or(o.Logger, log.NewNopLogger())
	o.NewHistogram = func(string, string) prometheus.Histogram { return prometheus.NewHistogram(prometheus.HistogramOpts{}) }
	if o.BaseURL == "" {
		transport, stop := simulation.Pipe(api)
		t.Cleanup(stop)
		o.BaseURL, o.Transport = "http://api.invalid", transport
	}
	s, err := New(t.Context(), cfg, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func apply(t *testing.T, s *Set, cfg *config.Config) {
	t.Helper()
	if err := s.Apply(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
}

// newOne returns the account of a Set with one account, without a socket.
func newOne(t *testing.T, api *simulation.API, o Options) *Account {
	t.Helper()
	return newSet(t, api, newConfig(accountID), o).Targets().Accounts[0]
}

// newTLSConfig returns a configuration with an account and TLS settings.
func newTLSConfig(settings promconfig.TLSConfig) *config.Config {
	cfg := newConfig(accountID)
	c := cfg.Credentials[config.DefaultCredential]
	c.TLSConfig = settings
	cfg.Credentials[config.DefaultCredential] = c
	return cfg
}

// list returns a list of captures that were submitted a minute ago, written as
// "id:status:type" words.
func list(words string) []byte {
	var captures []string
	for word := range strings.FieldsSeq(words) {
		fields := strings.Split(word, ":")
		captures = append(captures, fmt.Sprintf(`{"id":%q,"status":%q,"type":%q,"system":"magic-transit","submitted":%q}`,
			fields[0], fields[1], fields[2], time.Now().Add(-time.Minute).Format(time.RFC3339Nano)))
	}
	return []byte(`{"success":true,"result":[` + strings.Join(captures, ",") + `]}`)
}

func checkRequests(t *testing.T, api *simulation.API, want int) {
	t.Helper()
	if n := len(api.Requests()); n != want {
		t.Errorf("the API received %d requests, want %d", n, want)
	}
}

// freezingConn loses all bytes once frozen.
type freezingConn struct {
	net.Conn
	frozen *atomic.Bool
}

func (c *freezingConn) Read(p []byte) (n int, err error) {
	n, err = c.Conn.Read(p)
	for err == nil && c.frozen.Load() {
		n, err = c.Conn.Read(p)
	}
	return n, err
}

func (c *freezingConn) Write(p []byte) (int, error) {
	if c.frozen.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}
