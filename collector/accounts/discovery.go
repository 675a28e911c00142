package accounts

import (
	"context"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/config"
)

// discoveryTTL is the minimum interval between two lookups of the accounts.
const discoveryTTL = 10 * time.Minute

// Refresh returns the current accounts and credentials. If the configuration
// enables discovery, it looks the accounts up when that is due. After a failure it
// keeps the accounts found last.
func (s *Set) Refresh(ctx context.Context) *Targets {
	if now := s.targets.Load(); !now.discover {
		return now
	}
	if deadline, ok := ctx.Deadline(); ok { // the rest is to list captures
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(deadline)/2)
		defer cancel()
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.lookUp(context.WithoutCancel(ctx)) // what it finds later is for the next scrape
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
	return s.targets.Load()
}

func (s *Set) lookUp(ctx context.Context) {
	credential := s.targets.Load().credential(config.DefaultCredential)
	if credential == nil {
		return // a reload has ended discovery
	}
	visible, ok := credential.visible.Get(ctx, credential.Client.Accounts)
	if !ok {
		return
	}
	discovered := accountConfigs(visible)
	s.mu.Lock()
	defer s.mu.Unlock()
	if now := s.targets.Load(); !slices.Equal(discovered, s.discovered) {
		s.discovered = discovered
		s.targets.Store(&Targets{Credentials: now.Credentials, discover: now.discover, Accounts: s.accounts(now, now)})
	}
}

func accountConfigs(visible []cfapi.Account) (accounts []config.Account) {
	for _, a := range visible {
		accounts = append(accounts, config.Account{ID: a.ID, Name: a.Name, Credential: config.DefaultCredential})
	}
	return accounts
}
