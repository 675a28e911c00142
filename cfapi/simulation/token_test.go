package simulation

import (
	"testing"
	"time"
)

func TestVerify(t *testing.T) {
	const ofAccount, ofUser = "/accounts/" + testID + "/tokens/verify", "/user/tokens/verify"
	const id = `"id":"ed17574386854bf78a67040be0a770b0"`
	const active = `{` + id + `,"status":"active"}`
	unauthorized := refused(10000, "Authentication error")
	api := new(API)
	api.Account(testID)
	checkResponse(t, api, ofUser, 200, success(active))
	checkResponse(t, api, ofAccount, 401, unauthorized)
	api.Verify = Verification{Account: testID, Status: "expired", ExpiresOn: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	checkResponse(t, api, ofAccount, 200, success(`{"expires_on":"2026-03-01T12:00:00Z",`+id+`,"status":"expired"}`))
	checkResponse(t, api, ofUser, 401, unauthorized)
	api.Token = "good"
	api.Verify = Verification{}
	checkResponse(t, api, ofUser, 401, unauthorized)
	if w := send(api, "GET", "/client/v4"+ofUser, "Bearer good"); w.Code != 200 || w.Body.String() != success(active) {
		t.Errorf("with the token: %d %s", w.Code, w.Body)
	}
}
