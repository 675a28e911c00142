package cfapi

import (
	"context"
	"fmt"
	"strings"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// EndpointAccounts is the Request.Endpoint of Client.Accounts.
const EndpointAccounts = "accounts"

// An Account is an account that the credential can see.
type Account struct {
	ID   string // 32 lower-case hex digits
	Name string // display name; may be ""
}

const (
	accountsPerPage = 50 // the API's maximum
	maxAccounts     = maxPages * accountsPerPage
)

// Accounts returns the accounts that the credential can see, each once, and 5,000 at
// most. It skips malformed ids, because ids become part of a URL. If any page
// fails, or the API counts more accounts than it lists, Accounts returns an error and no accounts.
func (c *Client) Accounts(ctx context.Context) (accounts []Account, err error) {
	seen := make(map[string]bool) // ids
	listed, total := 0, 0         // with the accounts that have malformed ids
	for page := 1; page <= maxPages; page++ {
		path := fmt.Sprintf("/accounts?page=%d&per_page=%d", page, accountsPerPage)
		got, err := get[list[struct {
			ID   text `json:"id"`
			Name text `json:"name"`
		}]](ctx, c, call{ratelimit.Request{Continuation: page > 1}, EndpointAccounts, path})
		if err != nil {
			return nil, fmt.Errorf("listing accounts: %w", err)
		}
		before := len(seen)
		for _, a := range got.Result {
			id := string(a.ID)
			if seen[id] {
				continue
			}
			listed++
			if IsAccountID(id) && len(seen) < maxAccounts {
				seen[id] = true
				accounts = append(accounts, Account{id, a.Name.clip()})
			}
		}
		total = got.Info.Value.TotalCount.integer()
		// A server that ignores the page parameter returns the first page again.
		if got.Info.Value.Page.integer() != page || len(seen) == before || listed >= total {
			break
		}
	}
	if listed < total {
		return nil, fmt.Errorf("listing accounts: %w", &decodeError{err: fmt.Errorf("%d of %d accounts are listed", listed, total)})
	}
	return accounts, nil
}

// IsAccountID reports whether id has the form of an account id: 32 lower-case hex
// digits.
func IsAccountID(id string) bool {
	return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == ""
}
