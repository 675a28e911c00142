package cfapi_test

import (
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"cloudflare_pcap_exporter/cfapi"
)

func FuzzCaptures(f *testing.F) {
	for _, doc := range []string{
		small, wrap("{" + strings.Join(fullMembers(), ",") + "}"), string(page(pageInfo(1, 1, 3), "a", "a")), html, "", "null",
		`{"success":false,"errors":[{"code":10000,"message":"m"}]}`, `{"result":[{"id":null},5,"x",[{}]],"success":true}`,
		"{\"succes\\u0073\":true,\"result\":[{\"id\":\"\xff\",\"status\":\"\\ud800\xff\"}]}",
		`{"success":true,"result":[{"destination_conf":"s3://k:S@b?x#y","colo":"a","colo_name":"b","time_limit":-1e999,"byte_limit":-0}]}`,
		`{"result":[{"submitted":"2026-03-01 12:00:00 +0000 UTC"},{"submitted":1.7e12},{"submitted":{"a":1}}],"success":true}`,
		`{"result":[{}],"result":null,"success":false,"success":true,"result_info":{"page":1,"per_page":1e99,"total_count":9}}`,
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		var r recorder
		client := scriptedClient(doc, doc)
		client.OnRequest = r.record
		l := list(t.Context(), client)
		if len(r.requests) > 2 { // the second response shows that the page is ignored
			t.Errorf("%d requests", len(r.requests))
		}
		if l.err == nil {
			checkResponse(t, doc)
		} else if refused, ok := errors.AsType[*cfapi.Error](l.err); (!ok || refused.StatusCode != http.StatusOK) && cfapi.ReasonOf(l.err) != cfapi.ReasonDecode {
			t.Error(l.err)
		}
		for _, c := range l.Captures {
			checkCapture(t, doc, *c)
		}
	})
}

// checkResponse decodes an accepted response with encoding/json, too. Both accept invalid UTF-8
// and duplicate names, and use the last of these.
func checkResponse(t *testing.T, doc []byte) {
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
		// U+FFFD takes three bytes and replaces one.
		if !utf8.ValidString(text) || len(text) > 3*len(doc) {
			t.Errorf("%q from %d bytes", text, len(doc))
		}
	}
	for _, n := range []cfapi.Number{c.TimeLimit, c.ByteLimit, c.PacketLimit, c.Packets} {
		if math.Signbit(n.Value) || n.Value*0 != 0 || !n.Valid && n.Value != 0 {
			t.Errorf("number %+v", n)
		}
	}
	if c.SubmittedUnreadable && !c.Submitted.IsZero() || !c.Submitted.IsZero() && c.Submitted.Unix() <= 0 {
		t.Errorf("submitted %v, unreadable %v", c.Submitted, c.SubmittedUnreadable)
	}
	if c.Bucket != "" && (strings.ContainsAny(c.Bucket, "?#@") || !strings.Contains(c.Bucket, "://")) {
		t.Errorf("bucket %q", c.Bucket)
	}
}
