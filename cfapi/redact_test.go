package cfapi_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestErrorText(t *testing.T) {
	noRay := http.Header{"Cf-Ray": nil}
	for want, fault := range map[string]simulation.Fault{
		`the API responded 403 Forbidden, error code 10000, cf-ray "0000000000000001-SIM"`:                    {Status: 403},
		`the API responded 200 OK, error code 1001`:                                                           {Refuse: true, Headers: noRay},
		`the API responded 499, error code 10499`:                                                             {Status: 499, Headers: noRay},
		`the API responded 400 Bad Request, error code 10400, retry after 7s`:                                 {Status: 400, RetryAfter: "7", Headers: noRay},
		`decoding the response: field success is missing or not a boolean`:                                    {Body: `{"success":7}`, Headers: noRay},
		`decoding the response: field result is missing or has the wrong type, cf-ray "0000000000000001-SIM"`: {Body: `{"success":true}`},
	} {
		api, client := newServer(t)
		api.Inject(fault)
		if err := list(t.Context(), client).err; err == nil || err.Error() != "listing captures: "+want {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
	for body, want := range map[string]string{
		"":                            "EOF",
		`{"success":true,"KEY\"x":x}`: `jsontext: invalid character 'x' at start of value within "…" after offset 25`,
		`{"KEY":{"x":1 "y":2}}`:       `jsontext: invalid character "…" after object value (expecting ',' or '}') within "…" after offset 14`,
		"{\"KEY`\":`":                 `jsontext: invalid character "…" at start of value within "…" after offset 8`,
		`{"KEY":"\u"}`:                `jsontext: invalid escape sequence "…" in string within "…" after offset 8`,
	} {
		err := list(t.Context(), scriptedClient(body)).err
		if want := "listing captures: decoding the response: " + want; err == nil || err.Error() != want {
			t.Errorf("\n got %v\nwant %s", err, want)
		}
	}
}

// A cf-ray id of another form may repeat the request.
func TestRay(t *testing.T) {
	for ray, valid := range map[string]bool{
		"": false, "0123456789abcdef": true, "0123456789abcdef-FRA": true, "0123456789ABCDEF-FRA": false, "Bearer " + token: false,
		"0123456789abcde-FRA": false, "0123456789abcdef0": false, "0123456789abcdef-fra": false, "0123456789abcdef-FRA ?": false,
	} {
		api, client := newServer(t)
		api.Inject(simulation.Fault{Status: 404, Headers: http.Header{"Cf-Ray": {ray}}})
		want := "listing captures: the API responded 404 Not Found, error code 7003"
		if valid {
			want += ", cf-ray " + strconv.Quote(ray)
		}
		if err := list(t.Context(), client).err; err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", ray, err, want)
		}
	}
}

// A malformed response may repeat the request, at any length.
func TestErrorsOfMalformedResponses(t *testing.T) {
	const body, chunked = `{"success":true,"result":[]}`, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
	for response, want := range map[string]cfapi.Reason{
		"SENT\r\n\r\n":                                                  cfapi.ReasonNetwork,
		"HTTP/1.1 SENT\r\n\r\n":                                         cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nSENT\r\n\r\n":                               cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\n SENT\r\n\r\n":                              cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nContent-Length: \"SENT\\\r\n\r\n":           cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: SENT\r\n\r\n":            cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nCf-Ray: SENT\r\nContent-Length: 1\r\n\r\n{": cfapi.ReasonDecode,
		chunked + "\r\n1c\r\n" + body + "\r\n0\r\nSENT\r\n\r\n":         cfapi.ReasonDecode,
		chunked + "\r\nSENT\r\n":                                        cfapi.ReasonDecode,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		client := newHandlerServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			sent := r.Header.Get("Authorization") + strings.Repeat("x", 100_000)
			_, _ = conn.Write([]byte(strings.ReplaceAll(response, "SENT", sent)))
			_ = conn.Close()
		}))
		client.OnRequest = func(cfapi.Request) { cancel() } // a retry would take real time
		wantReason(t, list(ctx, client).err, want)
	}
}

// The names of a certificate are the server's choice.
func TestErrorsOfCertificates(t *testing.T) {
	server := httptest.NewTLSServer(nil)
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	client := &cfapi.Client{
		Transport: roundTripper(func(*http.Request) (*http.Response, error) {
			return nil, &tls.CertificateVerificationError{Err: server.Certificate().VerifyHostname("api.invalid")}
		}),
		OnRequest: func(cfapi.Request) { cancel() }, // a retry would take real time
	}
	err := list(ctx, client).err
	wantReason(t, err, cfapi.ReasonNetwork)
	if want := "listing captures: x509: the certificate is not valid for the expected host name"; err.Error() != want {
		t.Errorf("\n got %v\nwant %s", err, want)
	}
}

// No redirect is followed, because it could send the credential elsewhere.
func TestRedirects(t *testing.T) {
	var followed atomic.Int64
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Add(1) }))
	t.Cleanup(target.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		api, client := newServer(t)
		api.Inject(simulation.Fault{Status: status, Headers: http.Header{"Location": {target.URL + "/x?key=SECRET"}}, Body: html})
		err := list(t.Context(), client).err
		wantReason(t, err, cfapi.ReasonRejected)
		if e, ok := errors.AsType[*cfapi.Error](err); !ok || e.StatusCode != status {
			t.Errorf("%d: %v", status, err)
		}
		wantRequests(t, api, 1)
	}
	if n := followed.Load(); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}
