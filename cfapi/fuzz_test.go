package cfapi_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"cloudflare_pcap_exporter/cfapi"
)

// FuzzCaptures has the client read anything at all.
func FuzzCaptures(f *testing.F) {
	for _, doc := range []string{
		small, wrap("{" + strings.Join(full(), ",") + "}"), string(page(info(1, 1, 3), "a", "a")), html, "", "null",
		`{"success":false,"errors":[{"code":10000,"message":"m"}]}`, `{"result":[{"id":null},5,"x",[{}]],"success":true}`,
		"{\"succes\\u0073\":true,\"result\":[{\"id\":\"\xff\",\"status\":\"\\ud800\xff\"}]}",
		`{"success":true,"result":[{"destination_conf":"s3://k:S@b?x#y","colo":"a","colo_name":"b","time_limit":-1e999}]}`,
		`{"result":[{}],"result":null,"success":false,"success":true,"result_info":{"page":1,"per_page":1e99,"total_count":9}}`,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		requests := 0
		client := answering(http.StatusOK, nil, func() io.Reader {
			requests++
			return strings.NewReader(string(doc))
		})
		l := list(t.Context(), client)
		if requests > 2 { // the second answer shows that pages are ignored
			t.Errorf("%d requests", requests)
		}
		if l.err == nil {
			checkAnswer(t, doc)
		} else if reason := cfapi.ReasonOf(l.err); reason != cfapi.ReasonDecode && reason != cfapi.ReasonRejected {
			t.Errorf("reason %q: %v", reason, l.err)
		}
		for _, c := range l.captures {
			checkCapture(t, doc, c)
		}
	})
}

// checkAnswer holds what was accepted against encoding/json, which is as lenient
// about UTF-8 and about names that occur twice, of which the last counts.
func checkAnswer(t *testing.T, doc []byte) {
	t.Helper()
	var envelope map[string]json.RawMessage
	if err := json.Unmarshal(doc, &envelope); err != nil {
		t.Fatalf("accepted in spite of %v", err)
	}
	result := string(envelope["result"])
	if string(envelope["success"]) != "true" || result != "null" && !strings.HasPrefix(result, "[") {
		t.Errorf("accepted with success %s and result %.20s", envelope["success"], result)
	}
}

func checkCapture(t *testing.T, doc []byte, c cfapi.Capture) {
	t.Helper()
	for _, text := range []string{c.ID, c.Status, c.Type, c.System, c.Colo, c.Bucket, c.ErrorMessage} {
		// The mark for what is not UTF-8 takes three bytes in place of one.
		if !utf8.ValidString(text) || len(text) > 3*len(doc) {
			t.Errorf("%q from %d bytes", text, len(doc))
		}
	}
	for _, n := range []cfapi.Number{c.TimeLimit, c.ByteLimit, c.Packets} {
		if !(n.Value >= 0 && n.Value*0 == 0) || !n.Valid && n.Value != 0 {
			t.Errorf("number %+v", n)
		}
	}
	if c.Bucket != "" && (strings.ContainsAny(c.Bucket, "?#@") || !strings.Contains(c.Bucket, "://")) {
		t.Errorf("bucket %q", c.Bucket)
	}
}

// FuzzRatelimit has the client read any headers about limits.
func FuzzRatelimit(f *testing.F) {
	f.Add(`"default";r=50;t=30`, `"default";q=1200;w=300`, "", false)
	f.Add(`"default";r=0;t=30`, "", "30", true)
	f.Add("\"a\";r=0;t=-1\n\"b\";r=0;t=999999999999999", `"a";q=-1`, "Sat, 01 Jan 2050 00:00:00 GMT", true)
	f.Add(`("a" "b";r=1);r=0, c;r=0, 7;r=0, "d";r="0";t=?1`, `"x";q=1.5, :YQ==:;q=1, @5;q=1`, "99999999999999999999", true)
	f.Add(`"1";r=1,"2";r=1,"3";r=1,"4";r=1,"5";r=1,"6";r=1,"7";r=1,"8";r=1,"9";r=0`, `"10";q=1`, "-1", false)
	f.Add(`"a`, `;;`, "soon", true)
	f.Fuzz(func(t *testing.T, limit, policy, retryAfter string, tooMany bool) {
		status := http.StatusOK
		if tooMany {
			status = http.StatusTooManyRequests
		}
		header := http.Header{
			"Ratelimit": strings.Split(limit, "\n"), "Ratelimit-Policy": strings.Split(policy, "\n"), "Retry-After": {retryAfter},
		}
		client := answering(status, header, func() io.Reader { return strings.NewReader(small) })
		start := time.Now()
		l := list(t.Context(), client)
		limits := client.Limits()
		if tooMany != (l.err != nil) || tooMany && cfapi.ReasonOf(l.err) != cfapi.ReasonRateLimited {
			t.Errorf("status %d: %v", status, l.err)
		}
		until := limits.HoldOffUntil
		if until.After(time.Now().Add(10 * time.Minute)) {
			t.Errorf("held off for %v", time.Until(until))
		}
		if (tooMany || !until.IsZero()) && until.Before(start.Add(time.Second)) {
			t.Errorf("held off for %v only", until.Sub(start))
		}
		if len(limits.Policies) > 8 || limits.Withheld != 0 {
			t.Errorf("%+v", limits)
		}
	})
}
