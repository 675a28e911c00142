package cfapi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
)

// ListInfo is what a listing says beside the captures.
type ListInfo struct {
	Listed int // captures in the answers, each page's; those listed twice included
	Total  int // how many there are, according to the API; 0 if it does not say
	Pages  int // answers that held captures of their own

	// Keys are those of the captures yielded. The map is made if it is nil, and
	// is the caller's to keep; its values, false at first, are the caller's, too.
	Keys map[Key]bool
}

// EndpointCaptures is the name of the list of captures in a Request.
const EndpointCaptures = "pcaps"

// maxPages bounds the requests that one listing can cost.
const maxPages = 100

// buffers make few reads of a long answer.
var buffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 64<<10) }}

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
		l := listing{client: c, account: account, info: info, yield: yield}
		if err := l.run(ctx); err != nil {
			yield(Capture{}, fmt.Errorf("listing captures: %w", err))
		}
	}
}

// listing is one walk over the pages of a list.
type listing struct {
	client  *Client
	account string
	info    *ListInfo
	yield   func(Capture, error) bool
	stopped bool // by the consumer, which must not be given more
}

func (l *listing) run(ctx context.Context) error {
	*l.info = ListInfo{Keys: l.info.Keys}
	if l.info.Keys == nil {
		l.info.Keys = make(map[Key]bool)
	}
	clear(l.info.Keys)
	path := "/accounts/" + l.account + "/pcaps"
	query := ""
	for page := 1; page <= maxPages; page++ {
		before := len(l.info.Keys)
		var got envelope
		next := call{endpoint: EndpointCaptures, path: path + query, account: l.account, further: page > 1}
		err := l.client.get(ctx, next, func(body io.Reader) (err error) {
			got, err = l.read(body, page)
			return err
		})
		if err != nil || l.stopped {
			return err
		}
		// A server that ignores the page asked for answers with the first one again.
		if page > 1 && (got.page != page || len(l.info.Keys) == before) {
			return nil
		}
		l.info.Pages = page
		l.info.Total = max(l.info.Total, got.totalCount)
		if got.page != page || got.perPage == 0 || l.info.Listed >= got.totalCount {
			return nil
		}
		query = fmt.Sprintf("?page=%d&per_page=%d", page+1, got.perPage)
	}
	return nil
}

// read yields the captures of one answer.
func (l *listing) read(body io.Reader, page int) (envelope, error) {
	buf := buffers.Get().(*bufio.Reader)
	defer buffers.Put(buf)
	defer buf.Reset(nil)
	buf.Reset(body)
	d := newDecoder(buf)
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
	if errors.Is(err, errStopped) {
		l.stopped = true
		return env, nil
	}
	if err == nil {
		l.info.Listed += listed
	}
	return env, err
}

func (l *listing) isNew(c *Capture, page int) bool {
	if c.ID == "" {
		return page == 1 // later there is no telling it from one of the pages before
	}
	key := c.Key()
	if _, ok := l.info.Keys[key]; ok {
		return false
	}
	l.info.Keys[key] = false
	return true
}
