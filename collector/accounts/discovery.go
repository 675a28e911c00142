package accounts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
)

const (
	discoveryInterval = 10 * time.Minute
	discoveryRetry    = time.Minute // after a failure
	discoveryTimeout  = time.Minute // of a lookup
)

// Discover looks the accounts up at intervals and after each Apply, if the configuration enables
// discovery. After a failure the accounts found last remain. Discover returns when ctx is done.
func (s *Set) Discover(ctx context.Context) {
	pause := discoveryInterval
	for {
		select {
		case <-s.applied:
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		pause = discoveryInterval
		now := s.targets.Load()
		if now.Discovery != nil && s.lookUp(ctx, now.credential(config.DefaultCredential)) != nil {
			pause = discoveryRetry
		}
	}
}

func (s *Set) lookUp(ctx context.Context, credential *Credential) error {
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	visible, err := credential.Client.Accounts(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.targets.Load()
	if errors.Is(err, context.Canceled) || !slices.Contains(before.Credentials, credential) {
		return nil // a reload looks the accounts up again
	}
	if err == nil && len(visible) == 0 {
		err = fmt.Errorf("the token can see no account: %w", &cfapi.Error{StatusCode: 200})
	}
	health := *before.Discovery
	health.observe(s.options.Logger, "discovering accounts", err, discoveryHint)
	after := &Targets{Credentials: before.Credentials, Discovery: &health, config: before.config, visible: visible}
	if err != nil {
		after.visible = before.visible
	}
	s.replace(after)
	if added, removed := without(after.Accounts, before.Accounts), without(before.Accounts, after.Accounts); added+removed != "" {
		level.Info(s.options.Logger).Log("msg", "the discovered accounts have changed", "accounts", len(after.Accounts), "added", added, "removed", removed)
	}
	return err
}

// without returns the names of at most ten accounts that are not among the others, and the number
// of the rest.
func without(accounts, others []*Account) string {
	var names []string
	for _, a := range accounts {
		if !slices.ContainsFunc(others, func(other *Account) bool { return other.ID == a.ID }) {
			names = append(names, captures.Sanitize(cmp.Or(a.Name, a.ID)))
		}
	}
	if more := len(names) - 10; more > 0 {
		names = append(names[:10], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}
