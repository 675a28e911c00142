package cfapi_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

const html = "<!DOCTYPE html>\n<title>Attention required</title>\n"

// In a bubble, since the retries of some take their time.
func TestStatusReasons(t *testing.T) {
	for status, want := range map[int]struct {
		reason cfapi.Reason
		code   int
	}{
		204: {cfapi.ReasonRejected, 0},
		206: {cfapi.ReasonRejected, 0},
		301: {cfapi.ReasonRejected, 0},
		302: {cfapi.ReasonRejected, 0},
		304: {cfapi.ReasonRejected, 0},
		400: {cfapi.ReasonRejected, 10400},
		401: {cfapi.ReasonUnauthorized, 10000},
		403: {cfapi.ReasonForbidden, 10000},
		404: {cfapi.ReasonRejected, 7003},
		405: {cfapi.ReasonRejected, 10405},
		429: {cfapi.ReasonRateLimited, 971},
		500: {cfapi.ReasonServer, 10500},
		502: {cfapi.ReasonServer, 10502},
		503: {cfapi.ReasonServer, 10503},
		520: {cfapi.ReasonServer, 10520},
		999: {cfapi.ReasonServer, 10999},
	} {
		testStatus(t, cfapitest.Fault{Status: status}, want.reason, want.code)
		if status != 204 && status != 304 { // they have no body
			testStatus(t, cfapitest.Fault{Status: status, Body: html}, want.reason, 0)
		}
	}
}

func testStatus(t *testing.T, fault cfapitest.Fault, reason cfapi.Reason, code int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		api.Inject(fault)
		l := list(t.Context(), client)
		wantReason(t, l.err, reason)
		if len(l.captures) != 0 {
			t.Errorf("%d captures with status %d", len(l.captures), fault.Status)
		}
		requests := 1
		if reason == cfapi.ReasonServer {
			requests = 3
		}
		wantRequests(t, api, requests)
		ray := fmt.Sprintf("%016x-SIM", requests)
		got, ok := errors.AsType[*cfapi.Error](l.err)
		if !ok || got.StatusCode != fault.Status || got.Code != code || got.Ray != ray {
			t.Errorf("status %d: %+v, want code %d and ray %s", fault.Status, got, code, ray)
		}
	})
}

// What a log line shows.
func TestErrorText(t *testing.T) {
	tests := []struct {
		fault cfapitest.Fault
		want  string
	}{
		{cfapitest.Fault{Status: 403}, `the API answered 403 Forbidden, error code 10000, cf-ray "0000000000000001-SIM"`},
		{cfapitest.Fault{Refuse: true, Headers: http.Header{"Cf-Ray": nil}}, `the API answered 200 OK, error code 1001`},
		{cfapitest.Fault{Status: 499, Headers: http.Header{"Cf-Ray": {"Bearer " + token}}}, `the API answered 499, error code 10499`},
		{cfapitest.Fault{Status: 400, RetryAfter: "7", Headers: http.Header{"Cf-Ray": nil}}, `the API answered 400 Bad Request, error code 10400, retry after 7s`},
		{cfapitest.Fault{Body: `{"success":7}`, Headers: http.Header{"Cf-Ray": nil}}, `decoding the answer: success is neither true nor false`},
	}
	for _, test := range tests {
		api, client := serve(t)
		api.Inject(test.fault)
		err := list(t.Context(), client).err
		if want := "listing captures: " + test.want; err == nil || err.Error() != want {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
}

// Cloudflare may repeat in its words what was sent.
func TestErrorLeavesOutTheAPIsWords(t *testing.T) {
	api, client := serve(t)
	api.Inject(cfapitest.Fault{Status: 403, Body: `{"success":false,"errors":[{"code":9109,"message":"token ` + token + ` is wrong"}]}`})
	err := list(t.Context(), client).err
	wantReason(t, err, cfapi.ReasonForbidden)
	if e, ok := errors.AsType[*cfapi.Error](err); !ok || e.Code != 9109 {
		t.Errorf("%#v, want code 9109", e)
	}
}

// The status counts even where the body breaks off, or never ends.
func TestErrorBodies(t *testing.T) {
	endless := `{"errors":[{"code":7}],"new":"` + strings.Repeat("x", 10<<20)
	for body, code := range map[string]int{
		"": 0, "null": 0, "[": 0, `"`: 0, "\x00": 0, `{"errors":[{"code":`: 0,
		`{"errors":[{"code":7},`: 7, `{"errors":[{"code":7}],"success":null}`: 7, endless: 7,
		`{"success":true,"result":[{"id":"a"}],"errors":[{"code":7}]}`: 7,
	} {
		reader := strings.NewReader(body)
		client := answering(http.StatusNotFound, nil, func() io.Reader { return reader })
		l := list(t.Context(), client)
		wantReason(t, l.err, cfapi.ReasonRejected)
		if e, ok := errors.AsType[*cfapi.Error](l.err); !ok || e.Code != code || len(l.captures) > 0 {
			t.Errorf("%.50q: %#v, want code %d", body, e, code)
		}
		if read := len(body) - reader.Len(); read > 1<<20 {
			t.Errorf("%d bytes read of an error", read)
		}
	}
}

// The credential must reach no other server, and a redirect must not hide
// behind what its Location is.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var strayed atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strayed.Add(1) }))
	t.Cleanup(target.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, location := range []string{target.URL + "/x?key=SECRET", "/elsewhere?key=SECRET", "http://[::1?key=SECRET", "%zz?key=SECRET", ""} {
			api, client := serve(t)
			api.Inject(cfapitest.Fault{Status: status, Headers: http.Header{"Location": {location}}, Body: html})
			err := list(t.Context(), client).err
			wantReason(t, err, cfapi.ReasonRejected)
			if e, ok := errors.AsType[*cfapi.Error](err); !ok || e.StatusCode != status {
				t.Errorf("%d to %q: %v", status, location, err)
			}
			wantRequests(t, api, 1)
		}
	}
	if n := strayed.Load(); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}
