package cfapi_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

func TestBucket(t *testing.T) {
	for uri, want := range map[string]string{ //nolint:gosec // none of these opens anything
		"s3://b/d?region=us-east-1": "s3://b/d",
		"gs://b/d":                  "gs://b/d",
		"gs://b":                    "gs://b",
		"r2://b?account-id=SECRET&secret-access-key=SECRET": "r2://b",
		"r2://b/d/e?access-key-id=SECRET?x#y":               "r2://b/d/e",
		"s3://b/d#SECRET":                                   "s3://b/d",
		"s3://b/d\\u003fkey=SECRET":                         "s3://b/d",
		"s3://b/d\\u0023SECRET":                             "s3://b/d",
		"s3://b/\\u00e9":                                    "s3://b/é",
		"s3://key:SECRET@b/d":                               "",
		"s3://SECRET@b/d?x=y":                               "",
		"s3://key:SEC/RET@b/d":                              "",
		"s3://key:SECRET?x@b/d":                             "",
		"s3://key:SECRET#x@b/d":                             "",
		"s3://key:SECRET\\u0040b/d":                         "",
		"key:SECRET@s3://b/d":                               "",
		"b/SECRET":                                          "",
		"SECRET":                                            "",
		"s3:SECRET":                                         "",
		"?s3://SECRET":                                      "",
		"":                                                  "",
	} {
		if got := one(t, `"destination_conf":"`+uri+`"`).Bucket; got != want {
			t.Errorf("%q: %q, want %q", uri, got, want)
		}
	}
}

// No field may hold what must never be exported: the error message, which is
// free text, aside.
func TestSecretsAreNotRead(t *testing.T) {
	api, client := serve(t)
	account := api.Account(accountID)
	account.Answer([]byte(wrap(`{"id":"a","type":"full","status":"failed","colo_name":"c","error_message":"m",` +
		`"destination_conf":"r2://b/d?access-key-id=SECRET1&secret-access-key=SECRET2",` +
		`"filter_v1":{"source_address":"192.0.2.1","destination_address":"2001:db8::1","source_port":4711,` +
		`"id":"SECRET3","status":"SECRET4","destination_conf":"s3://SECRET5","protocol":17},` +
		`"filter_v2":["SECRET6"],"packet_limit":9999,"offset_time":"2026-03-01T12:00:00Z"}`)))
	wantNone(t, list(t.Context(), client), "SECRET", "192.0.2", "2001:db8", "4711", "17", "9999")

	account.Answer()
	for _, c := range []cfapitest.Capture{
		{Type: "full", Destination: "r2://b?secret-access-key=" + cfapitest.Secret, FilterV1: map[string]any{"source_address": "192.0.2.1"}},
		{FilterV1: map[string]any{"destination_address": "198.51.100.7"}},
	} {
		if _, err := account.Submit(c); err != nil {
			t.Fatal(err)
		}
	}
	l := listOnly(t, client)
	wantNone(t, l, cfapitest.Secret, "192.0.2", "198.51")
	if len(l.captures) != 2 {
		t.Errorf("%d captures, want 2", len(l.captures))
	}
}

func wantNone(t *testing.T, l listed, secrets ...string) {
	t.Helper()
	for _, c := range l.captures {
		c.ErrorMessage = ""
		text := fmt.Sprintf("%+v", c)
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%q in %s", secret, text)
			}
		}
	}
	if l.err != nil || len(l.captures) == 0 {
		t.Errorf("%d captures, %v", len(l.captures), l.err)
	}
}

// An error names the place in the answer, but nothing of the values there.
func TestErrorsHoldNoValues(t *testing.T) {
	api, client := serve(t)
	for _, body := range []string{
		`{"success":true,"result":[{"destination_conf":"r2://b?key=SECRET` + "\n" + `"}]}`,
		`{"success":true,"result":[{"destination_conf":"r2://b?key=SECRET\x"}]}`,
		`{"success":true,"result":[{"filter_v1":{"source_address":SECRET}}]}`,
		`{"success":true,"result":[{"filter_v1":{"source_address":"SECRET"`,
		`{"success":"SECRET","result":[]}`,
		`{"success":true,"result":"SECRET"}`,
		`SECRET`,
	} {
		api.Account(accountID).Answer([]byte(body))
		err := list(t.Context(), client).err
		wantReason(t, err, cfapi.ReasonDecode)
		if err != nil && strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%v", err)
		}
	}
}

// What answers in the API's place may repeat what was sent where nothing is an
// answer yet, or no longer, and at any length.
func TestErrorsHoldNothingOfBrokenAnswers(t *testing.T) {
	const whole, chunked = `{"success":true,"result":[]}`, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n"
	for answer, want := range map[string]cfapi.Reason{
		"SENT\r\n\r\n":                                                  cfapi.ReasonNetwork,
		"HTTP/1.1 SENT\r\n\r\n":                                         cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nSENT\r\n\r\n":                               cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\n SENT\r\n\r\n":                              cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nContent-Length: \"SENT\\\r\n\r\n":           cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: SENT\r\n\r\n":            cfapi.ReasonNetwork,
		"HTTP/1.1 200 OK\r\nCf-Ray: SENT\r\nContent-Length: 1\r\n\r\n{": cfapi.ReasonDecode,
		chunked + "\r\n1c\r\n" + whole + "\r\n0\r\nSENT\r\n\r\n":        cfapi.ReasonDecode,
		chunked + "\r\nSENT\r\n":                                        cfapi.ReasonDecode,
	} {
		ctx, cancel := context.WithCancel(t.Context())
		client := serveHandler(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			sent := r.Header.Get("Authorization") + strings.Repeat("x", 100_000)
			_, _ = conn.Write([]byte(strings.ReplaceAll(answer, "SENT", sent)))
			_ = conn.Close()
		}))
		client.Done = func(cfapi.Request) { cancel() } // no retries: they would take real time
		err := list(ctx, client).err
		wantReason(t, err, want)
		if err != nil && len(err.Error()) > 500 {
			t.Errorf("%q: an error of %d bytes: %.200s", answer, len(err.Error()), err)
		}
	}
}
