package cfapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
)

// ListInfo is what a listing says beside the captures.
type ListInfo struct {
	Listed int // captures in the answers, each page's; those listed twice included
	Total  int // how many there are, according to the API; 0 if it does not say
	Pages  int // answers that held captures of their own
}

// EndpointCaptures is the name of the list of captures in a Request.
const EndpointCaptures = "pcaps"

// maxPages bounds the requests that one listing can cost.
const maxPages = 100

// errStopped is not an error: the consumer has seen enough.
var errStopped = errors.New("stopped")

// Captures lists the account's captures, each once, as they are read: whatever
// was yielded before an error must not be used, for the list is then not whole.
// An error ends the list. If info is not nil, it is filled in by then.
//
// The API documents no pages for this list; they are asked for only where its
// result_info shows that there are more.
func (c *Client) Captures(ctx context.Context, account string, info *ListInfo) iter.Seq2[Capture, error] {
	if info == nil {
		info = new(ListInfo)
	}
	return func(yield func(Capture, error) bool) {
		l := listing{client: c, account: account, info: info, seen: make(map[Key]struct{}), yield: yield}
		if err := l.run(ctx); err != nil && !errors.Is(err, errStopped) {
			yield(Capture{}, fmt.Errorf("listing captures: %w", err))
		}
	}
}

// listing is one walk over the pages of a list.
type listing struct {
	client  *Client
	account string
	info    *ListInfo
	seen    map[Key]struct{}
	yield   func(Capture, error) bool
}

func (l *listing) run(ctx context.Context) error {
	*l.info = ListInfo{}
	path := "/accounts/" + l.account + "/pcaps"
	query := ""
	for page := 1; page <= maxPages; page++ {
		before := len(l.seen)
		var got envelope
		err := l.client.get(ctx, EndpointCaptures, path+query, func(body io.Reader) (err error) {
			got, err = l.read(body, page)
			return err
		})
		if err != nil {
			return err
		}
		// A server that ignores the page asked for answers with the first one again.
		if page > 1 && (got.page != page || len(l.seen) == before) {
			return nil
		}
		l.info.Pages = page
		l.info.Total = got.totalCount
		if got.page != page || got.perPage == 0 || l.info.Listed >= got.totalCount {
			return nil
		}
		query = fmt.Sprintf("?page=%d&per_page=%d", page+1, got.perPage)
	}
	return nil
}

// read yields the captures of one answer.
func (l *listing) read(body io.Reader, page int) (envelope, error) {
	d := newDecoder(body)
	listed := 0
	env, err := d.envelope(func() error {
		return d.array(func() error {
			var capture Capture
			if err := d.capture(&capture); err != nil {
				return err
			}
			listed++
			if l.isNew(&capture, page) && !l.yield(capture, nil) {
				return errStopped
			}
			return nil
		})
	})
	if err == nil {
		l.info.Listed += listed
	}
	return env, err
}

func (l *listing) isNew(c *Capture, page int) bool {
	if c.ID == "" {
		return page == 1 // later there is no telling it from one of the pages before
	}
	before := len(l.seen)
	l.seen[c.Key()] = struct{}{}
	return len(l.seen) > before
}
