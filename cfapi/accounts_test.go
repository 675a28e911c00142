package cfapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

func TestAccounts(t *testing.T) {
	for n, requests := range map[int]int{1: 1, 50: 1, 51: 2, 120: 3} {
		api := &cfapitest.API{Token: token}
		for i := range n {
			api.Account(fmt.Sprintf("%032x", i)).SetName(fmt.Sprint("account ", i))
		}
		got, err := serveHandler(t, api).Accounts(t.Context())
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

// accountPages is a server whose n-th answer is the n-th of the bodies, whatever
// page is asked for; the last is repeated.
func accountPages(t *testing.T, bodies ...string) (client *cfapi.Client, requests func() int) {
	t.Helper()
	n := 0
	client = serveHandler(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(bodies[min(n, len(bodies)-1)]))
		n++
	}))
	return client, func() int { return n }
}

func accountPage(info string, elements ...string) string {
	return `{"success":true,"result_info":{` + info + `},"result":[` + strings.Join(elements, ",") + `]}`
}

// element is an account whose id and name are made of one digit.
func element(digit string) string {
	return fmt.Sprintf(`{"id":%q,"name":%q}`, strings.Repeat(digit, 32), digit)
}

func TestAccountsPages(t *testing.T) {
	first, empty := accountPage(info(1, 2, 5), element("1"), element("2")), accountPage(info(2, 2, 5))
	for name, test := range map[string]struct {
		bodies   []string
		names    string
		requests int
	}{
		"none":                  {[]string{accountPage(info(1, 50, 0))}, "", 1},
		"null":                  {[]string{`{"success":true,"result":null}`}, "", 1},
		"no result_info":        {[]string{`{"success":true,"result":[` + element("1") + `]}`}, "1", 1},
		"smaller pages":         {[]string{first, accountPage(info(2, 2, 5), element("3"), element("4")), accountPage(info(3, 2, 5), element("5"))}, "12345", 3},
		"page ignored":          {[]string{first}, "12", 2},
		"page ignored, but not": {[]string{first, accountPage(info(2, 2, 5), element("1"), element("2"))}, "12", 2},
		"another page":          {[]string{first, accountPage(info(3, 2, 5), element("5"))}, "125", 2},
		"fewer than promised":   {[]string{first, empty}, "12", 2},
		"moved to page 2":       {[]string{first, accountPage(info(2, 2, 3), element("2"), element("3"))}, "123", 2},
		"no ids": {[]string{accountPage(info(1, 50, 9), element("1"), element("A"), element("g"), `{"id":"12"}`, `{}`, `null`, `7`,
			`{"id":"`+strings.Repeat("1", 33)+`"}`, `{"id":"../`+strings.Repeat("1", 29)+`","name":"x"}`)}, "1", 1},
		"no name": {[]string{accountPage(info(1, 50, 1), `{"name":5,"id":"`+strings.Repeat("1", 32)+`"}`)}, "", 1},
	} {
		t.Run(name, func(t *testing.T) {
			client, requests := accountPages(t, test.bodies...)
			accounts, err := client.Accounts(t.Context())
			names := ""
			for _, a := range accounts {
				names += a.Name
			}
			if err != nil || names != test.names || requests() != test.requests {
				t.Errorf("%q by %d requests, %v; want %q by %d", names, requests(), err, test.names, test.requests)
			}
		})
	}
}

func TestAccountsAreBounded(t *testing.T) {
	n := 0
	client := serveHandler(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		var elements []string
		for i := range 80 { // more than asked for
			elements = append(elements, fmt.Sprintf(`{"id":"%032x"}`, n*100+i))
		}
		_, _ = w.Write([]byte(accountPage(info(n, 80, 1_000_000), elements...)))
	}))
	accounts, err := client.Accounts(t.Context())
	if err != nil || len(accounts) != 5000 || n > 100 {
		t.Errorf("%d accounts by %d requests, %v", len(accounts), n, err)
	}
}

// Half a list is none: the accounts that it lacks would seem to have gone.
func TestAccountsLaterPageFails(t *testing.T) {
	client, _ := accountPages(t, accountPage(info(1, 1, 2), element("1")), `{"success":true,"result":[`+element("2"))
	accounts, err := client.Accounts(t.Context())
	wantReason(t, err, cfapi.ReasonDecode)
	if accounts != nil {
		t.Errorf("%+v", accounts)
	}
}
