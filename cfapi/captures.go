package cfapi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"iter"
	"sync"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// ListStats describes a list of captures.
type ListStats struct {
	Listed int // captures on all pages, including duplicates
	Total  int // total_count of the API; 0 if it reports none
	Pages  int // pages with captures that are not on an earlier page
}

// EndpointCaptures is the Request.Endpoint of Client.Captures.
const EndpointCaptures = "pcaps"

// Bounds on one list.
const (
	maxPages  = 100     // requests
	maxListed = 500_000 // captures; with all fields, 64 MiB hold a third of that
)

// buffers reduces the number of reads of a long response.
var buffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 64<<10) }}

// errStopped reports that the consumer has stopped the iteration.
var errStopped = errors.New("stopped")

// Captures returns the captures of the account, each id once, as they are read. A
// capture without an id is yielded on the first page only, because on a later one
// it may be a duplicate. An error ends the sequence, and the captures before it must
// not be used, because the list is incomplete. If stats is not nil, it is set by
// the end of the sequence.
//
// The API documents no pages for this list. Further pages are requested only if
// result_info reports that there are more captures.
func (c *Client) Captures(ctx context.Context, account string, stats *ListStats) iter.Seq2[Capture, error] {
	if stats == nil {
		stats = new(ListStats)
	}
	return func(yield func(Capture, error) bool) {
		*stats = ListStats{}
		l := captureList{client: c, account: account, stats: stats, yield: yield, seen: make(map[uint64]struct{})}
		if err := l.run(ctx); err != nil {
			yield(Capture{}, fmt.Errorf("listing captures: %w", err))
		}
	}
}

// captureList reads the pages of one list.
type captureList struct {
	client  *Client
	account string
	stats   *ListStats
	yield   func(Capture, error) bool
	stopped bool                // by the consumer
	seen    map[uint64]struct{} // hashes of the ids yielded
}

func (l *captureList) run(ctx context.Context) error {
	path := "/accounts/" + l.account + "/pcaps"
	query := ""
	for page := 1; page <= maxPages; page++ {
		before := len(l.seen)
		var got envelope
		next := call{ratelimit.Request{Account: l.account, Continuation: page > 1}, EndpointCaptures, path + query}
		err := l.client.get(ctx, next, func(body io.Reader) (err error) {
			got, err = l.read(body, page)
			return err
		})
		if err != nil || l.stopped {
			return err
		}
		// A server that ignores the page parameter returns the first page again.
		if page > 1 && (got.page != page || len(l.seen) == before) {
			return nil
		}
		l.stats.Pages = page
		l.stats.Total = max(l.stats.Total, got.totalCount)
		if got.page != page || got.perPage == 0 || l.stats.Listed >= got.totalCount {
			return nil
		}
		query = fmt.Sprintf("?page=%d&per_page=%d", page+1, got.perPage)
	}
	return nil
}

// read yields the captures of one page.
func (l *captureList) read(body io.Reader, page int) (envelope, error) {
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
			if listed++; l.stats.Listed+listed > maxListed {
				return errors.New("the list has more than 500,000 captures")
			}
			if l.isNew(capture.ID, page) && !l.yield(capture, nil) {
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
		l.stats.Listed += listed
	}
	return env, err
}

// seed keeps the API from choosing ids whose hashes collide.
var seed = maphash.MakeSeed()

func (l *captureList) isNew(id string, page int) bool {
	if id == "" {
		return page == 1
	}
	before := len(l.seen)
	l.seen[maphash.String(seed, id)] = struct{}{} // an eighth of the memory of the ids
	return len(l.seen) > before
}
