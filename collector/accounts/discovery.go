package accounts

import (
	"context"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
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
	var failure failureState
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
		if !now.config.Discover {
			continue
		}
		err := s.lookUp(ctx, now.credential(config.DefaultCredential))
		failure.observe(s.options.Logger, "discovering accounts", err)
		if err != nil {
			pause = discoveryRetry
		}
	}
}

func (s *Set) lookUp(ctx context.Context, credential *Credential) error {
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	visible, err := credential.Client.Accounts(ctx)
	if err != nil {
		return err
	}
	discovered := accountConfigs(visible)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.targets.Load()
	if slices.Contains(now.Credentials, credential) && !slices.Equal(discovered, now.discovered) {
		s.replace(&Targets{Credentials: now.Credentials, config: now.config, discovered: discovered})
	}
	return nil
}

func accountConfigs(visible []cfapi.Account) (accounts []config.Account) {
	for _, a := range visible {
		accounts = append(accounts, config.Account{ID: a.ID, Name: a.Name, Credential: config.DefaultCredential})
	}
	return accounts
}
