package cfapi

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// A CaptureList is the list of the captures of an account, all pages together.
type CaptureList struct {
	Captures []Capture // each id once, in the order of the API
	Listed   int       // captures on all pages, including duplicates
	Total    int       // total_count of the API; 0 if it reports none
	Pages    int       // pages with captures that are not on an earlier page
}

// EndpointCaptures is the Request.Endpoint of Client.Captures.
const EndpointCaptures = "pcaps"

// Bounds on one list.
const (
	maxPages  = 100    // requests
	maxListed = 10_000 // captures; the API documents 50
)

// buffers reduces the number of reads of a long response.
var buffers = sync.Pool{New: func() any { return bufio.NewReaderSize(nil, 64<<10) }}

// Captures returns the captures of the account. A capture without an id is on the first
// page only, because on a later one it may be a duplicate. If any page fails, Captures
// returns an error and no captures.
//
// The API documents no pages for this list. Further pages are requested only if
// result_info reports that there are more captures.
func (c *Client) Captures(ctx context.Context, account string) (CaptureList, error) {
	r := listReader{client: c, account: account, seen: make(map[string]bool)}
	if err := r.run(ctx); err != nil {
		return CaptureList{}, fmt.Errorf("listing captures: %w", err)
	}
	return r.list, nil
}

// listReader reads the pages of one list.
type listReader struct {
	client  *Client
	account string
	list    CaptureList
	seen    map[string]bool // ids
}

func (l *listReader) run(ctx context.Context) error {
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
		if err != nil {
			return err
		}
		// A server that ignores the page parameter returns the first page again.
		if page > 1 && (got.page != page || len(l.seen) == before) {
			return nil
		}
		l.list.Pages = page
		l.list.Total = max(l.list.Total, got.totalCount)
		if got.page != page || got.perPage == 0 || l.list.Listed >= got.totalCount {
			return nil
		}
		query = fmt.Sprintf("?page=%d&per_page=%d", page+1, got.perPage)
	}
	return nil
}

// read adds the captures of one page.
func (l *listReader) read(body io.Reader, page int) (envelope, error) {
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
			if listed++; l.list.Listed+listed > maxListed {
				return errors.New("the list has more than 10,000 captures")
			}
			if l.isNew(capture.ID, page) {
				l.list.Captures = append(l.list.Captures, capture)
			}
			return nil
		})
	})
	if err == nil {
		l.list.Listed += listed
	}
	return env, err
}

func (l *listReader) isNew(id string, page int) bool {
	if id == "" {
		return page == 1
	}
	isNew := !l.seen[id]
	l.seen[id] = true
	return isNew
}
