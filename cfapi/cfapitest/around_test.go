package cfapitest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// says checks a whole answer.
func says(t *testing.T, api *API, target string, status int, body string) {
	t.Helper()
	if w := ask(api, http.MethodGet, target, ""); w.Code != status || w.Body.String() != body {
		t.Errorf("%s: %d %s\nwant %d %s", target, w.Code, w.Body, status, body)
	}
}

func TestBuckets(t *testing.T) {
	api := new(API)
	acc := api.Account(testID)
	says(t, api, testPath+"/ownership", 200, emptyList)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	acc.SetBuckets(Bucket{Destination: "s3://b", Status: "success", Submitted: noon, Validated: noon}, Bucket{})
	const ones = "0000000000000000000000000000000"
	says(t, api, testPath+"/ownership", 200, `{"result":[`+
		`{"id":"`+ones+`1","destination_conf":"s3://b","filename":"ownership-challenge-00000001.txt","status":"success",`+
		`"submitted":"2026-03-01T12:00:00.000000Z","validated":"2026-03-01T12:00:00.000000Z"},`+
		`{"id":"`+ones+`2","destination_conf":"","filename":"ownership-challenge-00000002.txt","status":"pending","validated":""}`+
		`],"success":true,"errors":[],"messages":[]}`)
	acc.SetBuckets()
	says(t, api, testPath+"/ownership", 200, emptyList)
	unknown := "/accounts/" + DemoLabID + "/pcaps/ownership"
	says(t, api, unknown, 404, refused(7003, "Could not route to "+unknown+", perhaps your object identifier is invalid?"))
	if w := ask(api, http.MethodPost, testPath+"/ownership", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestVerify(t *testing.T) {
	const owned, users = "/accounts/" + testID + "/tokens/verify", "/user/tokens/verify"
	const id = `"id":"ed17574386854bf78a67040be0a770b0"`
	api := new(API)
	api.Account(testID)
	says(t, api, users, 200, `{"result":{`+id+`,"status":"active"},"success":true,"errors":[],"messages":[]}`)
	says(t, api, owned, 401, refused(10000, "Authentication error"))
	api.Verify = Verification{Account: testID, Status: "expired", ExpiresOn: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	says(t, api, owned, 200, `{"result":{"expires_on":"2026-03-01T12:00:00Z",`+id+`,"status":"expired"},"success":true,"errors":[],"messages":[]}`)
	says(t, api, users, 401, refused(10000, "Authentication error"))
	api.Token = "good"
	api.Verify = Verification{}
	says(t, api, users, 401, refused(10000, "Authentication error"))
	if w := ask(api, http.MethodGet, "/client/v4"+users, "Bearer good"); w.Code != http.StatusOK {
		t.Errorf("with the token: %d", w.Code)
	}
}

func TestAccounts(t *testing.T) {
	api := new(API)
	api.Account(testID).SetName("one")
	says(t, api, "/accounts", 200, `{"result":[{"id":"`+testID+`","name":"one","type":"standard","settings":{"enforce_twofactor":false}}],`+
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
		w := ask(api, http.MethodGet, "/accounts"+query, "")
		if w.Code != http.StatusOK || !strings.HasSuffix(w.Body.String(), `"result_info":{`+want+`"total_count":61}}`) {
			t.Errorf("%s: %d %s", query, w.Code, w.Body)
		}
	}
}

func TestFaultOfAnEndpoint(t *testing.T) {
	api := new(API)
	api.Account(testID)
	api.Inject(Fault{Endpoint: "ownership", Status: 501})
	api.Inject(Fault{Endpoint: "verify", Account: testID, Status: 502})
	api.Inject(Fault{Endpoint: "accounts", Status: 503})
	for target, want := range map[string]int{
		testPath: 200, testPath + "/ownership": 501, "/accounts/" + testID + "/tokens/verify": 502,
		"/user/tokens/verify": 200, "/accounts?page=1": 503,
	} {
		if w := ask(api, http.MethodGet, target, ""); w.Code != want {
			t.Errorf("%s: %d, want %d", target, w.Code, want)
		}
	}
}

func TestDemoAround(t *testing.T) {
	clock := newClock()
	api := Demo("", clock.now)
	for target, want := range map[string][]string{
		"/accounts": {DemoProdID, DemoProdName, DemoLabID, DemoLabName},
		"/accounts/" + DemoProdID + "/pcaps/ownership": {Secret, "s3://", "r2://", "success", "failed"},
		"/user/tokens/verify":                          {"active", clock.now().AddDate(0, 0, 30).Format(time.RFC3339)},
	} {
		body := ask(api, http.MethodGet, target, "").Body.String()
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("no %s in %s", text, body)
			}
		}
	}
	says(t, api, "/accounts/"+DemoLabID+"/pcaps/ownership", 200, emptyList)
}
