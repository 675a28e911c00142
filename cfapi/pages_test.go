package cfapi_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// page is an answer with these captures; info is its result_info, if any.
func page(info string, ids ...string) []byte {
	var elements []string
	for _, id := range ids {
		elements = append(elements, fmt.Sprintf(`{"id":%q}`, id))
	}
	body := `{"success":true,"result":[` + strings.Join(elements, ",") + `]`
	if info != "" {
		body += `,"result_info":{` + info + `}`
	}
	return []byte(body + `}`)
}

func info(n, perPage, total int) string {
	return fmt.Sprintf(`"page":%d,"per_page":%d,"total_count":%d`, n, perPage, total)
}

func TestPages(t *testing.T) {
	for name, test := range pagesTests() {
		t.Run(name, func(t *testing.T) {
			api, client := serve(t)
			api.Account(accountID).Answer(test.pages...)
			l := listOnly(t, client)
			ids := ""
			for _, c := range l.captures {
				ids += c.ID
				if c.ID == "" {
					ids += "."
				}
			}
			if ids != test.ids {
				t.Errorf("captures %q, want %q", ids, test.ids)
			}
			wantInfo(t, l, test.info)
			wantRequests(t, api, test.requests)
		})
	}
}

func wantInfo(t *testing.T, l listed, want cfapi.ListInfo) {
	t.Helper()
	if l.info.Listed != want.Listed || l.info.Total != want.Total || l.info.Pages != want.Pages {
		t.Errorf("info %+v, want %+v", l.info, want)
	}
	keys := make(map[cfapi.Key]bool)
	for _, c := range l.captures {
		if c.ID != "" {
			keys[c.Key()] = false
		}
	}
	if !maps.Equal(l.info.Keys, keys) {
		t.Errorf("%d keys of %d captures", len(l.info.Keys), len(keys))
	}
}

// The simulated API's own pages, honoured and ignored.
func TestPagesOfCaptures(t *testing.T) {
	for honoured, want := range map[bool]struct{ captures, requests int }{true: {50, 3}, false: {20, 2}} {
		api, client := serve(t)
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		api.Now = func() time.Time { return now }
		account := api.Account(accountID)
		for range 50 {
			now = now.Add(time.Minute)
			if _, err := account.Submit(cfapitest.Capture{}); err != nil {
				t.Fatal(err)
			}
		}
		account.Paged(20, honoured)
		l := listOnly(t, client)
		if len(l.captures) != want.captures || l.info.Total != 50 {
			t.Errorf("honoured %v: %d captures of %d, want %d of 50", honoured, len(l.captures), l.info.Total, want.captures)
		}
		wantRequests(t, api, want.requests)
		if got := api.Requests()[1].Query; got != "page=2&per_page=20" {
			t.Errorf("the second query is %q", got)
		}
	}
}

func TestPagesAreBounded(t *testing.T) {
	api, client := serve(t)
	var pages [][]byte
	for i := range 150 {
		pages = append(pages, page(info(i+1, 1, 1_000_000), fmt.Sprint(i)))
	}
	api.Account(accountID).Answer(pages...)
	l := listOnly(t, client)
	if len(l.captures) != 100 || l.info.Pages != 100 || l.info.Total != 1_000_000 {
		t.Errorf("%d captures on %d pages of %d in all", len(l.captures), l.info.Pages, l.info.Total)
	}
	wantRequests(t, api, 100)
}

func TestLaterPageFails(t *testing.T) {
	api, client := serve(t)
	api.Account(accountID).Answer(page(info(1, 1, 3), "a"), page(info(2, 1, 3), "b"), []byte(`{"success":true,"result":[{"id":"c"},`))
	l := list(t.Context(), client)
	wantReason(t, l.err, cfapi.ReasonDecode)
	if l.info.Listed != 2 || l.info.Pages != 2 || l.info.Total != 3 {
		t.Errorf("info of the pages before: %+v", l.info)
	}
	wantRequests(t, api, 3)
	api.Inject(cfapitest.Fault{Status: 403})
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonForbidden)
}
