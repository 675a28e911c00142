package accounts

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
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

// A Discovery is the state of the lookups of accounts. Nothing in it may be changed.
type Discovery struct {
	Failure                             // of the last lookup
	LastSuccess time.Time               // zero before the first
	Accounts    int                     // found last, without excluded ones
	Errors      map[cfapi.Reason]uint64 // failed lookups
}

// Discovery returns the state of the lookups, and whether the configuration enables them.
func (s *Set) Discovery() (d Discovery, enabled bool) {
	now := s.targets.Load()
	d = *s.discovery.Load()
	d.Accounts = len(now.wanted()) - len(now.config.Accounts)
	return d, now.config.Discover
}

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
		if now.config.Discover && s.lookUp(ctx, now.credential(config.DefaultCredential)) != nil {
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
	now := s.targets.Load()
	if errors.Is(err, context.Canceled) || !slices.Contains(now.Credentials, credential) {
		return nil // a reload looks the accounts up again
	}
	if err == nil && len(visible) == 0 {
		err = fmt.Errorf("the token can see no account: %w", &cfapi.Error{StatusCode: 200})
	}
	state := *s.discovery.Load()
	state.observe(s.options.Logger, "discovering accounts", err, discoveryHint(err))
	if err != nil {
		state.Errors = maps.Clone(state.Errors)
		state.Errors[state.Reason]++
	} else {
		state.LastSuccess = time.Now()
		s.replace(&Targets{Credentials: now.Credentials, config: now.config, discovered: visible})
		s.logChange(now.Accounts, s.targets.Load().Accounts)
	}
	s.discovery.Store(&state)
	return err
}

// logChange logs the accounts that a lookup has added and removed.
func (s *Set) logChange(before, after []*Account) {
	added, removed := without(after, before), without(before, after)
	if added+removed != "" {
		level.Info(s.options.Logger).Log("msg", "the discovered accounts have changed", "accounts", len(after), "added", added, "removed", removed)
	}
}

// without returns the names of accounts that are not among the others: ten, then a count.
func without(accounts, others []*Account) string {
	ids := make(map[string]bool)
	for _, a := range others {
		ids[a.ID] = true
	}
	var names []string
	for _, a := range accounts {
		if !ids[a.ID] {
			names = append(names, captures.Sanitize(cmp.Or(a.Name, a.ID)))
		}
	}
	if more := len(names) - 10; more > 0 {
		names = append(names[:10], fmt.Sprintf("%d more", more))
	}
	return strings.Join(names, ", ")
}
