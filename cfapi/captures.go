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
	for page := 1; ; page++ {
		var got response[list[capture, *Capture]]
		err := c.get(ctx, target, request, got.decode)
		if l.Listed += len(got.Result); err == nil && l.Listed > maxItems {
			err = errTooMany
		}
		if err != nil {
			return CaptureList{}, fmt.Errorf("listing captures: %w", err)
		}
		got.Result = slices.DeleteFunc(got.Result, func(c *Capture) bool {
			again := seen[c.ID] || c.ID == "" && page > 1
			seen[c.ID] = c.ID != ""
			return again
		})
		l.Captures = append(l.Captures, got.Result...)
		info := got.Info.Value
		isPage, perPage := info.Page.integer() == page, info.PerPage.integer()
		// A server that ignores the page parameter returns the first page again.
		if page > 1 && (!isPage || len(got.Result) == 0) {
			return l, nil
		}
		l.Pages, l.Total = page, max(l.Total, info.TotalCount.integer())
		if !isPage || perPage == 0 || l.Listed >= info.TotalCount.integer() {
			return l, nil
		}
		request.Continuation = true
		target = fmt.Sprintf("%s?page=%d&per_page=%d", path, page+1, perPage)
	}
}
