package cfapi_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

// paths returns the paths of the requests, with ID in place of the account's id.
func paths(api *simulation.API) string {
	var paths []string
	for _, r := range api.Requests() {
		paths = append(paths, strings.ReplaceAll(r.Path, accountID, "ID"))
	}
	return strings.Join(paths, " ")
}

func TestToken(t *testing.T) {
	const owned, users = "/accounts/ID/tokens/verify", "/user/tokens/verify"
	expires := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		token simulation.Verification
		want  cfapi.Token
		paths string
	}{
		"of an account": {simulation.Verification{Account: accountID}, cfapi.Token{Status: "active"}, owned},
		"of a user":     {simulation.Verification{}, cfapi.Token{Status: "active"}, owned + " " + users},
		"expires":       {simulation.Verification{Account: accountID, ExpiresOn: expires}, cfapi.Token{Status: "active", ExpiresOn: expires}, owned},
		"disabled":      {simulation.Verification{Status: "disabled"}, cfapi.Token{Status: "disabled"}, owned + " " + users},
	} {
		t.Run(name, func(t *testing.T) {
			api, client := newServer(t)
			api.Verify = test.token
			got, err := client.Token(t.Context(), accountID)
			if err != nil || got != test.want {
				t.Errorf("%+v, %v, want %+v", got, err, test.want)
			}
			if got := paths(api); got != test.paths {
				t.Errorf("requests %s, want %s", got, test.paths)
			}
		})
	}
}

// The user endpoint is tried if the account endpoint may have refused the token of a user.
func TestTokenFallback(t *testing.T) {
	for status, want := range map[int]struct {
		requests int
		reason   cfapi.Reason
	}{
		400: {2, ""}, 401: {2, ""}, 403: {2, ""}, 404: {2, ""}, 405: {2, ""},
		429: {1, cfapi.ReasonRateLimited},
		302: {1, cfapi.ReasonRejected},
		501: {3, cfapi.ReasonServer},
	} {
		synctest.Test(t, func(t *testing.T) {
			api, client := newPipeServer(t)
			api.Inject(simulation.Fault{Account: accountID, Status: status})
			token, err := client.Token(t.Context(), accountID)
			if want.reason != "" {
				wantReason(t, err, want.reason)
			} else if err != nil || token.Status != "active" {
				t.Errorf("%d: %+v, %v", status, token, err)
			}
			wantRequests(t, api, want.requests)
		})
	}
}

func TestTokenFields(t *testing.T) {
	api, client := newServer(t)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for result, want := range map[string]cfapi.Token{
		`{}`: {},
		`{"id":"x","status":"active","not_before":"2025-03-01T12:00:00Z"}`:        {Status: "active"},
		`{"expires_on":"2026-03-01T12:00:00Z","status":"expired"}`:                {Status: "expired", ExpiresOn: noon},
		`{"expires_on":"","status":null}`:                                         {},
		`{"expires_on":1772366400,"status":{"status":"active"}}`:                  {ExpiresOn: noon},
		`{"new":{"status":"x"},"status":"new"}`:                                   {Status: "new"},
		`{"status":"disabled","expires_on":"2026-03-01T12:00:00Z"},"result":{}`:   {},
		`{},"result":{"status":"active"},"messages":[{"code":10000,"message":1}]`: {Status: "active"},
	} {
		api.Inject(simulation.Fault{Times: 1, Body: `{"success":true,"result":` + result + `}`})
		got, err := client.Token(t.Context(), accountID)
		if err != nil || got.Status != want.Status || !got.ExpiresOn.Equal(want.ExpiresOn) {
			t.Errorf("%s: %+v, %v, want %+v", result, got, err, want)
		}
	}
	for _, result := range []string{`[]`, `null`, `"active"`, `true`, `{},"result":null`, `{"status":"active","expires_on":"soon"}`, `{`, `{"status":}`} {
		api.Inject(simulation.Fault{Times: 1, Body: `{"success":true,"result":` + result + `}`})
		_, err := client.Token(t.Context(), accountID)
		wantReason(t, err, cfapi.ReasonDecode)
	}
}
