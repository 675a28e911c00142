package cfapi

import (
	"context"
	"fmt"
	"strings"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// An Account is an account that the credential can see.
type Account struct {
	ID   string // 32 lower-case hex digits
	Name string // display name; may be ""
}

// account is an Account as the API returns it.
type account struct {
	ID   text `json:"id"`
	Name text `json:"name"`
}

func (a account) public() Account { return Account{a.ID.clip(), a.Name.clip()} }

// Accounts returns the accounts that the credential can see, each once. It skips malformed ids,
// because ids become part of a URL. If any page fails, or the API counts more accounts than it
// lists, Accounts returns an error and no accounts.
func (c *Client) Accounts(ctx context.Context) (accounts []Account, err error) {
	seen := make(map[string]bool) // ids
	listed, total := 0, 1         // with the accounts that have malformed ids
	for page := 1; listed < total; page++ {
		var got response[list[account, Account]]
		target := fmt.Sprintf("/accounts?page=%d&per_page=50", page) // the API's maximum
		if err := c.get(ctx, target, ratelimit.Request{Continuation: page > 1}, got.decode); err != nil {
			return nil, fmt.Errorf("listing accounts: %w", err)
		}
		before := len(seen)
		for _, a := range got.Result {
			if seen[a.ID] {
				continue
			}
			listed++
			if IsAccountID(a.ID) {
				seen[a.ID] = true
				accounts = append(accounts, a)
			}
		}
		total = got.Info.Value.TotalCount.integer()
		if listed < total && (len(seen) == before || len(seen) > maxItems) {
			return nil, fmt.Errorf("listing accounts: %w: %d of %d accounts are listed", errDecode, listed, total)
		}
	}
	return accounts, nil
}

// IsAccountID reports whether id has the form of an account id: 32 lower-case hex
// digits.
func IsAccountID(id string) bool {
	return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == ""
}
