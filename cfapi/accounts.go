package cfapi

import (
	"context"
	"fmt"
	"io"
	"strings"
)

// EndpointAccounts is the name of the list of accounts in a Request.
const EndpointAccounts = "accounts"

// An Account is one that the credential can see.
type Account struct {
	ID   string // 32 lower-case hex digits
	Name string // for people; may be ""
}

const (
	accountsPerPage = 50 // the most that the API allows
	maxAccounts     = maxPages * accountsPerPage
)

// Accounts lists every account that the credential can see, each once: the first
// 5,000. What has no id of an account's form is left out, for ids become part of
// a URL. Of a list that fails anywhere, nothing is returned.
func (c *Client) Accounts(ctx context.Context) ([]Account, error) {
	l := accountListing{seen: make(map[string]bool)}
	for page := 1; page <= maxPages; page++ {
		before := len(l.seen)
		var got envelope
		path := fmt.Sprintf("/accounts?page=%d&per_page=%d", page, accountsPerPage)
		err := c.get(ctx, call{endpoint: EndpointAccounts, path: path, further: page > 1}, func(body io.Reader) (err error) {
			got, err = l.read(body)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("listing accounts: %w", err)
		}
		// A server that ignores the page asked for answers with the first one again.
		if got.page != page || len(l.seen) == before || l.listed >= got.totalCount {
			break
		}
	}
	return l.accounts, nil
}

// accountListing is one walk over the pages of the list.
type accountListing struct {
	accounts []Account
	seen     map[string]bool // their ids
	listed   int             // accounts in the answers, each page's; those left out included
}

func (l *accountListing) read(body io.Reader) (envelope, error) {
	d := newDecoder(body)
	return d.envelope(func() error {
		return d.array(func() error {
			var a Account
			if err := d.account(&a); err != nil {
				return err
			}
			l.listed++
			if isAccountID(a.ID) && !l.seen[a.ID] && len(l.seen) < maxAccounts {
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

func isAccountID(id string) bool {
	return len(id) == 32 && strings.Trim(id, "0123456789abcdef") == ""
}
