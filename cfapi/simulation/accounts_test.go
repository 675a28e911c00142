package simulation

import (
	"fmt"
	"strings"
	"testing"
)

func TestListAccounts(t *testing.T) {
	api := new(API)
	api.Account(testID).SetName("one")
	checkResponse(t, api, "/accounts", 200, `{"result":[{"id":"`+testID+`","name":"one","type":"standard","settings":{"enforce_twofactor":false}}],`+
		`"success":true,"errors":[],"messages":[],"result_info":{"count":1,"page":1,"per_page":20,"total_count":1}}`)
	for i := range 60 {
		api.Account(fmt.Sprintf("%032x", i))
	}
	for query, want := range map[string]string{
		"":                    `"count":20,"page":1,"per_page":20,`,
		"?per_page=50":        `"count":50,"page":1,"per_page":50,`,
		"?page=2&per_page=50": `"count":11,"page":2,"per_page":50,`,
		"?page=3&per_page=50": `"count":0,"page":3,"per_page":50,`,
		"?per_page=1000":      `"count":50,"page":1,"per_page":50,`,
		"?per_page=0":         `"count":5,"page":1,"per_page":5,`,
	} {
		w := get(api, "/accounts"+query)
		if w.Code != 200 || !strings.HasSuffix(w.Body.String(), `"result_info":{`+want+`"total_count":61}}`) {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
	if body := get(api, "/accounts").Body.String(); !strings.HasPrefix(body, `{"result":[{"id":"00000000000000000000000000000000",`) {
		t.Errorf("not sorted by id: %s", body)
	}
}
