package accounts

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	promconfig "github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTokenFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	cfg := newConfig(accountID)
	cfg.Credentials[config.DefaultCredential].Authorization.Credentials = ""
	cfg.Credentials[config.DefaultCredential].Authorization.CredentialsFile = file
	write(t, file, " "+token+"\n")
	api := &simulation.API{Token: token}
	server := httptest.NewServer(api)
	defer server.Close()
	set := newSet(t, api, cfg, Options{BaseURL: server.URL})
	for _, step := range []struct {
		content string // "" removes the file
		token   string // that the API accepts
		want    cfapi.Reason
	}{
		{" " + token + "\n", token, ""},
		{"another", token, cfapi.ReasonUnauthorized},
		{"another", "another", ""},
		{" \n", "another", cfapi.ReasonCredentials},
		{"two words", "another", cfapi.ReasonCredentials},
		{"", "another", cfapi.ReasonCredentials},
		{"another", "another", ""},
	} {
		write(t, file, step.content)
		if step.content == "" {
			_ = os.Remove(file)
		}
		api.Token = step.token
		before := len(api.Requests())
		if s := set.Targets().Accounts[0].Scrape(t.Context()); s.Up != (step.want == "") || s.Reason != step.want {
			t.Errorf("%q: up %v, reason %q, want %q", step.content, s.Up, s.Reason, step.want)
		}
		unreadable := step.want == cfapi.ReasonCredentials
		if n := len(api.Requests()) - before; (n == 0) != unreadable {
			t.Errorf("%q: %d requests", step.content, n)
		}
		err := set.Check(t.Context())
		if (err != nil) != unreadable || unreadable && (!strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "two words")) {
			t.Errorf("%q: %v", step.content, err)
		}
	}
}

// A file on a mount that hangs delays nobody beyond the deadline, and blocks one read.
func TestTokenFileHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := newSet(t, new(simulation.API), newConfig(accountID), Options{})
		c := set.Targets().Credentials[0]
		hung, reads := make(chan struct{}), 0
		var callers sync.WaitGroup
		for range 300 {
			callers.Go(func() {
				_, _ = c.headers.Do(t.Context(), func(context.Context) (http.Header, error) {
					reads++
					<-hung
					return nil, nil
				})
			})
		}
		synctest.Wait()
		start := time.Now()
		s := set.Targets().Accounts[0].Scrape(t.Context())
		if s.Reason != cfapi.ReasonTimeout || time.Since(start) != 10*time.Second || reads != 1 {
			t.Errorf("reason %q after %v, %d reads", s.Reason, time.Since(start), reads)
		}
		close(hung)
		callers.Wait()
	})
}

// Credentials with the same token share its budget, whatever their names, and over reloads.
func TestBudgetOfToken(t *testing.T) {
	withTokens := func(tokens ...promconfig.Secret) *config.Config {
		cfg := &config.Config{Credentials: make(map[string]promconfig.HTTPClientConfig)}
		for i, token := range tokens {
			name := fmt.Sprint(i, len(tokens))
			cfg.Credentials[name] = promconfig.HTTPClientConfig{Authorization: &promconfig.Authorization{Type: "Bearer", Credentials: token}}
			cfg.Accounts = append(cfg.Accounts, config.Account{ID: []string{accountID, otherID}[i], Credential: name})
		}
		return cfg
	}
	same := withTokens("same", "same")
	set := newSet(t, new(simulation.API), same, Options{RateLimit: 1})
	for _, test := range []struct {
		cfg *config.Config
		up  int
	}{
		{same, 1},
		{withTokens("same"), 0},
		{withTokens("other", "same"), 1},
	} {
		apply(t, set, test.cfg)
		if failed := scrapeAll(t, set, 1, time.Minute); len(test.cfg.Accounts)-failed != test.up {
			t.Errorf("with %v, %d of %d accounts failed", test.cfg.Credentials, failed, len(test.cfg.Accounts))
		}
	}
}
