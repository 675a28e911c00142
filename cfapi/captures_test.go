package cfapi_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

// counts are the captures listed, the total count and the pages of a list.
type counts struct{ listed, total, pages int }

func countsOf(l listing) counts { return counts{l.Listed, l.Total, l.Pages} }

// Each capture takes memory, and 64 MiB have room for millions of short ones.
func TestLongListIsRefused(t *testing.T) {
	const most = 10_000
	page := func(n int, captures string) []byte {
		return []byte(`{"success":true,"result_info":{` + pageInfo(n, most/2, most) + `},"result":[` + captures + `{"id":"` + fmt.Sprint(n) + `"}]}`)
	}
	api, client := newServer(t)
	half := strings.Repeat("7,", most/2)
	api.Account(accountID).Respond(page(1, half[2:]), page(2, half))
	l, err := client.Captures(t.Context(), accountID)
	wantReason(t, err, cfapi.ReasonDecode)
	if len(l.Captures) != 0 {
		t.Errorf("%d captures together with an error", len(l.Captures))
	}
	_, err = scriptedClient(wrap(strings.Repeat("7,", most)+"7")).Buckets(t.Context(), accountID)
	if want := "listing buckets: decoding the response: the list has more than 10,000 items"; err == nil || err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
}

func TestPages(t *testing.T) {
	first := page(pageInfo(1, 2, 5), "a", "b")
	for name, test := range map[string]struct {
		pages    [][]byte
		ids      string // of the captures; "." is one without an id
		counts   counts
		requests int
	}{
		"documented":           {[][]byte{page("", "a", "b")}, "ab", counts{2, 0, 1}, 1},
		"empty":                {[][]byte{page(pageInfo(1, 50, 0))}, "", counts{0, 0, 1}, 1},
		"one full page":        {[][]byte{page(pageInfo(1, 2, 2), "a", "b")}, "ab", counts{2, 2, 1}, 1},
		"two pages":            {[][]byte{page(pageInfo(1, 2, 3), "a", "b"), page(pageInfo(2, 2, 3), "c")}, "abc", counts{3, 3, 2}, 2},
		"three pages":          {[][]byte{page(pageInfo(1, 1, 3), "a"), page(pageInfo(2, 1, 3), "b"), page(pageInfo(3, 1, 3), "c")}, "abc", counts{3, 3, 3}, 3},
		"page is ignored":      {[][]byte{first, first}, "ab", counts{4, 5, 1}, 2},
		"page is echoed":       {[][]byte{first, page(pageInfo(2, 2, 5), "a", "b")}, "ab", counts{4, 5, 1}, 2},
		"no page":              {[][]byte{page(`"count":2,"per_page":2,"total_count":5`, "a", "b"), page("", "c")}, "ab", counts{2, 5, 1}, 1},
		"no per_page":          {[][]byte{page(`"page":1,"total_count":5`, "a", "b"), page("", "c")}, "ab", counts{2, 5, 1}, 1},
		"no total_count":       {[][]byte{page(`"page":1,"per_page":2`, "a", "b"), page("", "c")}, "ab", counts{2, 0, 1}, 1},
		"wrong page":           {[][]byte{page(pageInfo(7, 2, 5), "a", "b"), page("", "c")}, "ab", counts{2, 5, 1}, 1},
		"negative per_page":    {[][]byte{page(pageInfo(1, -2, 5), "a", "b"), page("", "c")}, "ab", counts{2, 5, 1}, 1},
		"no info on page 2":    {[][]byte{first, page("", "c", "d")}, "abcd", counts{4, 5, 1}, 2},
		"no total on page 2":   {[][]byte{first, page(`"page":2,"per_page":2`, "c", "d")}, "abcd", counts{4, 5, 2}, 2},
		"total too high":       {[][]byte{page(pageInfo(1, 2, 9), "a", "b"), page(pageInfo(2, 2, 9), "c"), page(pageInfo(3, 2, 9))}, "abc", counts{3, 9, 2}, 3},
		"total too low":        {[][]byte{page(pageInfo(1, 2, 1), "a", "b"), page(pageInfo(2, 2, 1), "c")}, "ab", counts{2, 1, 1}, 1},
		"duplicates":           {[][]byte{page("", "a", "b", "a", "a")}, "ab", counts{4, 0, 1}, 1},
		"shifted by one":       {[][]byte{page(pageInfo(1, 2, 4), "a", "b"), page(pageInfo(2, 2, 4), "b", "c"), page("", "d")}, "abc", counts{4, 4, 2}, 2},
		"no ids on page 1":     {[][]byte{page("", "", "", "")}, "...", counts{3, 0, 1}, 1},
		"no ids on page 2":     {[][]byte{page(pageInfo(1, 2, 4), "a", ""), page(pageInfo(2, 2, 4), "b", "")}, "a.b", counts{4, 4, 2}, 2},
		"not only objects":     {[][]byte{[]byte(wrap(`null,true,5,"x",[{"id":"x"}],{"id":"i"}`))}, ".....i", counts{6, 0, 1}, 1},
		"no fields carry over": {[][]byte{[]byte(wrap("{" + strings.Join(fullMembers(), ",") + `},{"id":"j"}`))}, "ij", counts{2, 0, 1}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			api, client := newServer(t)
			api.Account(accountID).Respond(test.pages...)
			l := mustList(t, client)
			ids := ""
			for _, c := range l.Captures {
				ids += cmp.Or(c.ID, ".")
				if c.ID != "i" && *c != (cfapi.Capture{ID: c.ID}) {
					t.Errorf("%+v", c)
				}
			}
			if ids != test.ids || countsOf(l) != test.counts {
				t.Errorf("captures %q, %+v; want %q, %+v", ids, countsOf(l), test.ids, test.counts)
			}
			wantRequests(t, api, test.requests)
		})
	}
}

func TestSimulatedPages(t *testing.T) {
	for ignored, want := range map[bool]struct{ captures, requests int }{false: {50, 3}, true: {20, 2}} {
		api, client := newServer(t)
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		api.Now = func() time.Time { return now }
		account := api.Account(accountID)
		for range 50 {
			now = now.Add(time.Minute)
			if _, err := account.Submit(simulation.Capture{}); err != nil {
				t.Fatal(err)
			}
		}
		account.Paginate(20, ignored)
		l := mustList(t, client)
		if len(l.Captures) != want.captures || l.Total != 50 {
			t.Errorf("page ignored: %v: %d captures, %+v", ignored, len(l.Captures), countsOf(l))
		}
		wantRequests(t, api, want.requests)
		if got := api.Requests()[1].Query; got != "page=2&per_page=20" {
			t.Errorf("the second query is %q", got)
		}
	}
}

func TestLaterPageFails(t *testing.T) {
	api, client := newServer(t)
	api.Account(accountID).Respond(page(pageInfo(1, 1, 3), "a"), page(pageInfo(2, 1, 3), "b"), []byte(`{"success":true,"result":[{"id":"c"},`))
	l := list(t.Context(), client)
	wantReason(t, l.err, cfapi.ReasonDecode)
	if len(l.Captures) != 0 {
		t.Errorf("%d captures together with an error", len(l.Captures))
	}
	wantRequests(t, api, 3)
}
