package cfapi

import (
	"context"
	"fmt"
	"io"
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
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	l := accountList{seen: make(map[string]bool)}
	total := 0
	for page := 1; page <= maxPages; page++ {
		before := len(l.seen)
		var got envelope
		path := fmt.Sprintf("/accounts?page=%d&per_page=%d", page, accountsPerPage)
		next := call{ratelimit.Request{Continuation: page > 1}, EndpointAccounts, path}
		err := c.get(ctx, next, func(body io.Reader) (err error) {
			got, err = l.read(body)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("listing accounts: %w", err)
		}
		total = got.totalCount
		// A server that ignores the page parameter returns the first page again.
		if got.page != page || len(l.seen) == before || l.listed >= total {
			break
		}
	}
	if l.listed < total {
		return nil, fmt.Errorf("listing accounts: %w", &decodeError{err: fmt.Errorf("%d of %d accounts are listed", l.listed, total)})
	}
	return l.accounts, nil
}

// accountList collects the pages of the list.
type accountList struct {
	accounts []Account
	seen     map[string]bool // ids of accounts
	listed   int             // accounts on all pages, with those that have malformed ids
}

func (l *accountList) read(body io.Reader) (envelope, error) {
	d := newDecoder(body)
	return d.envelope(func() error {
		return d.array(func() error {
			var a Account
			if err := d.account(&a); err != nil {
				return err
			}
			if l.seen[a.ID] {
				return nil
			}
			l.listed++
			if IsAccountID(a.ID) && len(l.seen) < maxAccounts {
				l.seen[a.ID] = true
				l.accounts = append(l.accounts, a)
			}
			return nil
		})
	})
}

func (d *decoder) account(a *Account) error {
	return d.lenient('{', func() error {
		return d.object(func(name []byte) error {
			switch string(name) {
			case "id":
				return d.str(&a.ID)
			case "name":
				return d.str(&a.Name)
			}
			return d.SkipValue()
		})
	})
}

// IsAccountID reports whether id has the form of an account id: 32 lower-case hex
// digits.
func IsAccountID(id string) bool {
	return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == ""
}
