package cfapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestAccounts(t *testing.T) {
	for n, requests := range map[int]int{1: 1, 50: 1, 51: 2, 120: 3} {
		api := &simulation.API{Token: token}
		for i := range n {
			api.Account(fmt.Sprintf("%032x", i)).SetName(fmt.Sprint("account ", i))
		}
		got, err := newHandlerServer(t, api).Accounts(t.Context())
		if err != nil || len(got) != n {
			t.Errorf("%d accounts of %d, %v", len(got), n, err)
		}
		for i, a := range got {
			if a.ID != fmt.Sprintf("%032x", i) || a.Name != fmt.Sprint("account ", i) {
				t.Errorf("account %d is %+v", i, a)
			}
		}
		wantRequests(t, api, requests)
		for i, r := range api.Requests() {
			if r.Path != "/accounts" || r.Query != fmt.Sprintf("page=%d&per_page=50", i+1) {
				t.Errorf("request %d: %s?%s", i, r.Path, r.Query)
			}
		}
	}
}

// element returns an account whose id and name consist of one digit.
func element(digit string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q}`, strings.Repeat(digit, 32), digit)
}

func TestAccountsPages(t *testing.T) {
	first, empty := listPage(pageInfo(1, 2, 5), element("1"), element("2")), listPage(pageInfo(2, 2, 5))
	for name, test := range map[string]struct {
		pages    [][]byte
		names    string // "" with two pages is an error
		requests int
	}{
		"none":                {[][]byte{listPage(pageInfo(1, 50, 0))}, "", 1},
		"null":                {[][]byte{[]byte(`{"success":true,"result":null}`)}, "", 1},
		"no result_info":      {[][]byte{listPage("", element("1"))}, "1", 1},
		"smaller pages":       {[][]byte{first, listPage(pageInfo(2, 2, 5), element("3"), element("4")), listPage(pageInfo(3, 2, 5), element("5"))}, "12345", 3},
		"page is ignored":     {[][]byte{first, first}, "", 2},
		"page is only echoed": {[][]byte{first, listPage(pageInfo(2, 2, 5), element("1"), element("2"))}, "", 2},
		"total too high":      {[][]byte{first, empty}, "", 2},
		"page 2 is cut off":   {[][]byte{first, listPage("", element("3"))[:60]}, "", 2}, // the missing accounts would seem to be removed
		"moved to page 2":     {[][]byte{first, listPage(pageInfo(2, 2, 3), element("2"), element("3"))}, "123", 2},
		"malformed ids":       {[][]byte{listPage(pageInfo(1, 50, 5), element("1"), element("A"), `{}`, `null`, `7`)}, "1", 1},
		"no name":             {[][]byte{listPage(pageInfo(1, 50, 1), `{"name":5,"id":"`+strings.Repeat("1", 32)+`"}`)}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			var r recorder
			client := scriptedClient(test.pages...)
			client.OnRequest = r.record
			accounts, err := client.Accounts(t.Context())
			names := ""
			for _, a := range accounts {
				names += a.Name
			}
			if (err != nil) != (len(test.pages) == 2 && test.names == "") || names != test.names || len(r.requests) != test.requests {
				t.Errorf("%q by %d requests, %v; want %q by %d", names, len(r.requests), err, test.names, test.requests)
			}
		})
	}
}

func TestAccountsAreBounded(t *testing.T) {
	n := 0
	client := newHandlerServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		var elements []string
		for i := range 80 { // more than requested
			elements = append(elements, fmt.Sprintf(`{"id":"%032x"}`, n*100+i))
		}
		_, _ = w.Write(listPage(pageInfo(n, 80, 1_000_000), elements...))
	}))
	_, err := client.Accounts(t.Context())
	wantReason(t, err, cfapi.ReasonDecode)
	if n > 126 {
		t.Errorf("%d requests", n)
	}
}

func TestIsAccountID(t *testing.T) {
	for id, want := range map[string]bool{
		accountID:                       true,
		"":                              false,
		strings.Repeat("1", 31):         false,
		strings.Repeat("1", 33):         false,
		strings.Repeat("A", 32):         false,
		strings.Repeat("g", 32):         false,
		"../" + strings.Repeat("1", 29): false,
		strings.Repeat("1", 16) + "/" + strings.Repeat("1", 15): false,
	} {
		if got := cfapi.IsAccountID(id); got != want {
			t.Errorf("%q: %v, want %v", id, got, want)
		}
	}
}
