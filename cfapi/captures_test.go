package cfapi_test

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

type pagesTest struct {
	pages    [][]byte
	ids      string // of the captures; "." is one without an id
	stats    cfapi.ListStats
	requests int
}

func pagesTests() map[string]pagesTest {
	stats := func(listed, total, pages int) cfapi.ListStats {
		return cfapi.ListStats{Listed: listed, Total: total, Pages: pages}
	}
	first := page(pageInfo(1, 2, 5), "a", "b")
	return map[string]pagesTest{
		"documented":           {[][]byte{page("", "a", "b")}, "ab", stats(2, 0, 1), 1},
		"empty":                {[][]byte{page(pageInfo(1, 50, 0))}, "", stats(0, 0, 1), 1},
		"one full page":        {[][]byte{page(pageInfo(1, 2, 2), "a", "b")}, "ab", stats(2, 2, 1), 1},
		"two pages":            {[][]byte{page(pageInfo(1, 2, 3), "a", "b"), page(pageInfo(2, 2, 3), "c")}, "abc", stats(3, 3, 2), 2},
		"three pages":          {[][]byte{page(pageInfo(1, 1, 3), "a"), page(pageInfo(2, 1, 3), "b"), page(pageInfo(3, 1, 3), "c")}, "abc", stats(3, 3, 3), 3},
		"page is ignored":      {[][]byte{first, first}, "ab", stats(4, 5, 1), 2},
		"page is echoed":       {[][]byte{first, page(pageInfo(2, 2, 5), "a", "b")}, "ab", stats(4, 5, 1), 2},
		"no page":              {[][]byte{page(`"count":2,"per_page":2,"total_count":5`, "a", "b"), page("", "c")}, "ab", stats(2, 5, 1), 1},
		"no per_page":          {[][]byte{page(`"page":1,"total_count":5`, "a", "b"), page("", "c")}, "ab", stats(2, 5, 1), 1},
		"no total_count":       {[][]byte{page(`"page":1,"per_page":2`, "a", "b"), page("", "c")}, "ab", stats(2, 0, 1), 1},
		"wrong page":           {[][]byte{page(pageInfo(7, 2, 5), "a", "b"), page("", "c")}, "ab", stats(2, 5, 1), 1},
		"negative per_page":    {[][]byte{page(pageInfo(1, -2, 5), "a", "b"), page("", "c")}, "ab", stats(2, 5, 1), 1},
		"no info on page 2":    {[][]byte{first, page("", "c", "d")}, "abcd", stats(4, 5, 1), 2},
		"no total on page 2":   {[][]byte{first, page(`"page":2,"per_page":2`, "c", "d")}, "abcd", stats(4, 5, 2), 2},
		"total too high":       {[][]byte{page(pageInfo(1, 2, 9), "a", "b"), page(pageInfo(2, 2, 9), "c"), page(pageInfo(3, 2, 9))}, "abc", stats(3, 9, 2), 3},
		"total too low":        {[][]byte{page(pageInfo(1, 2, 1), "a", "b"), page(pageInfo(2, 2, 1), "c")}, "ab", stats(2, 1, 1), 1},
		"duplicates":           {[][]byte{page("", "a", "b", "a", "a")}, "ab", stats(4, 0, 1), 1},
		"shifted by one":       {[][]byte{page(pageInfo(1, 2, 4), "a", "b"), page(pageInfo(2, 2, 4), "b", "c"), page("", "d")}, "abc", stats(4, 4, 2), 2},
		"no ids on page 1":     {[][]byte{page("", "", "", "")}, "...", stats(3, 0, 1), 1},
		"no ids on page 2":     {[][]byte{page(pageInfo(1, 2, 4), "a", ""), page(pageInfo(2, 2, 4), "b", "")}, "a.b", stats(4, 4, 2), 2},
		"not only objects":     {[][]byte{[]byte(wrap(`null,true,5,"x",[{"id":"x"}],{"id":"i"}`))}, ".....i", stats(6, 0, 1), 1},
		"no fields carry over": {[][]byte{[]byte(wrap("{" + strings.Join(fullMembers(), ",") + `},{"id":"j"}`))}, "ij", stats(2, 0, 1), 1},
	}
}

// Each id takes memory, and 64 MiB have room for millions of short ones.
func TestLongListIsRefused(t *testing.T) {
	const most = 500_000
	page := func(n int, captures string) []byte {
		return []byte(`{"success":true,"result_info":{` + pageInfo(n, most/2, most) + `},"result":[` + captures + `{"id":"` + fmt.Sprint(n) + `"}]}`)
	}
	api, client := newServer(t)
	half := strings.Repeat("7,", most/2)
	api.Account(accountID).Respond(page(1, half[2:]), page(2, half))
	n, last := 0, error(nil)
	for _, err := range client.Captures(t.Context(), accountID, nil) {
		n, last = n+1, err
	}
	if n != most/2+1 || last == nil || cfapi.ReasonOf(last) != cfapi.ReasonDecode {
		t.Errorf("%d captures and errors, %v", n, last)
	}
}

func TestPages(t *testing.T) {
	for name, test := range pagesTests() {
		t.Run(name, func(t *testing.T) {
			api, client := newServer(t)
			api.Account(accountID).Respond(test.pages...)
			l := mustList(t, client)
			ids := ""
			for _, c := range l.captures {
				ids += cmp.Or(c.ID, ".")
				if c.ID != "i" && c != (cfapi.Capture{ID: c.ID}) {
					t.Errorf("%+v", c)
				}
			}
			if ids != test.ids || l.stats != test.stats {
				t.Errorf("captures %q, %+v; want %q, %+v", ids, l.stats, test.ids, test.stats)
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
		if len(l.captures) != want.captures || l.stats.Total != 50 {
			t.Errorf("page ignored: %v: %d captures, %+v", ignored, len(l.captures), l.stats)
		}
		wantRequests(t, api, want.requests)
		if got := api.Requests()[1].Query; got != "page=2&per_page=20" {
			t.Errorf("the second query is %q", got)
		}
	}
}

func TestPagesAreBounded(t *testing.T) {
	api, client := newServer(t)
	var pages [][]byte
	for i := range 150 {
		pages = append(pages, page(pageInfo(i+1, 1, 1_000_000), fmt.Sprint(i)))
	}
	api.Account(accountID).Respond(pages...)
	l := mustList(t, client)
	if want := (cfapi.ListStats{Listed: 100, Total: 1_000_000, Pages: 100}); len(l.captures) != 100 || l.stats != want {
		t.Errorf("%d captures, %+v, want %+v", len(l.captures), l.stats, want)
	}
	wantRequests(t, api, 100)
}

func TestLaterPageFails(t *testing.T) {
	api, client := newServer(t)
	api.Account(accountID).Respond(page(pageInfo(1, 1, 3), "a"), page(pageInfo(2, 1, 3), "b"), []byte(`{"success":true,"result":[{"id":"c"},`))
	l := list(t.Context(), client)
	wantReason(t, l.err, cfapi.ReasonDecode)
	if want := (cfapi.ListStats{Listed: 2, Total: 3, Pages: 2}); l.stats != want {
		t.Errorf("%+v, want %+v", l.stats, want)
	}
	wantRequests(t, api, 3)
}

// The goroutines of a request that is abandoned end, or the bubble would not.
func TestConsumerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := make(chan struct{})
		client := newPipeHandlerServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, err := io.WriteString(w, `{"success":true,"result_info":{"page":1,"per_page":1,"total_count":9},"result":[{}`)
			for err == nil {
				_, err = io.WriteString(w, `,{"status":"running"}`)
			}
			close(left)
		}))
		var r recorder
		client.OnRequest = r.record
		n := 0
		for _, err := range client.Captures(t.Context(), accountID, nil) {
			if err != nil {
				t.Error(err)
			}
			if n++; n == 3 {
				break
			}
		}
		<-left
		if len(r.requests) != 1 || r.requests[0].Err != nil || r.requests[0].StatusCode != http.StatusOK {
			t.Errorf("%+v, want one request that succeeded", r.requests)
		}
	})
}

func TestConsumerStopsAtError(t *testing.T) {
	n := 0
	for _, err := range scriptedClient(`{"success":true,"result":[{"id":"a"},`).Captures(t.Context(), accountID, nil) {
		n++
		if err != nil {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d iterations, want one with a capture and one with an error", n)
	}
}

func TestSequenceIsReusable(t *testing.T) {
	api, client := newServer(t)
	api.Account(accountID).Respond(page("", "a", "b"))
	var stats cfapi.ListStats
	seq := client.Captures(t.Context(), accountID, &stats)
	for range 2 {
		n := 0
		for _, err := range seq {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 2 || stats.Listed != 2 {
			t.Errorf("%d captures, %+v, want 2", n, stats)
		}
	}
	wantRequests(t, api, 2)
}
