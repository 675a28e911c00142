package cfapi

import (
	"context"
	"fmt"
	"slices"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// A CaptureList is the list of the captures of an account, all pages together.
type CaptureList struct {
	Captures []*Capture // each id once, in the order of the API
	Listed   int        // captures on all pages, including duplicates
	Total    int        // total_count of the API; 0 if it reports none
	Pages    int        // pages with captures that are not on an earlier page
}

// maxPages is the maximum number of pages of a list.
const maxPages = 100

// Captures returns the captures of the account. A capture without an id is on the first
// page only, because on a later one it may be a duplicate. If any page fails, Captures
// returns an error and no captures.
//
// The API documents no pages for this list. Further pages are requested only if
// result_info reports that there are more captures.
func (c *Client) Captures(ctx context.Context, account string) (l CaptureList, err error) {
	seen := make(map[string]bool) // ids
	path := "/accounts/" + account + "/pcaps"
	target, request := path, ratelimit.Request{Account: account}
	for page := 1; page <= maxPages; page++ {
		var got response[list[capture, *Capture]]
		err := c.get(ctx, target, request, got.decode)
		if l.Listed += len(got.Result); err == nil && l.Listed > maxItems {
			err = fmt.Errorf("%w: %w", errDecode, errTooMany)
		}
		if err != nil {
			return CaptureList{}, fmt.Errorf("listing captures: %w", err)
		}
		before := len(seen)
		l.Captures = slices.Grow(l.Captures, len(got.Result))
		for _, c := range got.Result {
			if c.ID == "" && page == 1 || c.ID != "" && !seen[c.ID] {
				l.Captures = append(l.Captures, c)
			}
			if c.ID != "" {
				seen[c.ID] = true
			}
		}
		info := got.Info.Value
		isPage := info.Page.integer() == page
		// A server that ignores the page parameter returns the first page again.
		if page > 1 && (!isPage || len(seen) == before) {
			break
		}
		l.Pages, l.Total = page, max(l.Total, info.TotalCount.integer())
		if perPage := info.PerPage.integer(); !isPage || perPage == 0 || l.Listed >= info.TotalCount.integer() {
			break
		}
		request.Continuation = true
		target = fmt.Sprintf("%s?page=%d&per_page=%d", path, page+1, info.PerPage.integer())
	}
	return l, nil
}
