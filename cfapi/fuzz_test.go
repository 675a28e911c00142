package cfapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"cloudflare_pcap_exporter/cfapi"
)

func FuzzCaptures(f *testing.F) {
	for _, doc := range []string{
		small, wrap("{" + strings.Join(fullMembers(), ",") + "}"), string(page(pageInfo(1, 1, 3), "a", "a")), html, "", "null",
		`{"success":false,"errors":[{"code":10000,"message":"m"}]}`, `{"result":[{"id":null},5,"x",[{}]],"success":true}`,
		"{\"succes\\u0073\":true,\"result\":[{\"id\":\"\xff\",\"status\":\"\\ud800\xff\"}]}",
		`{"success":true,"result":[{"destination_conf":"s3://k:S@b?x#y","colo":"a","colo_name":"b","time_limit":-1e999,"byte_limit":-0}]}`,
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
			checkCapture(t, doc, c)
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
	for _, n := range []cfapi.Number{c.TimeLimit, c.ByteLimit, c.Packets} {
		if math.Signbit(n.Value) || n.Value*0 != 0 || !n.Valid && n.Value != 0 {
			t.Errorf("number %+v", n)
		}
	}
	if c.Bucket != "" && (strings.ContainsAny(c.Bucket, "?#@") || !strings.Contains(c.Bucket, "://")) {
		t.Errorf("bucket %q", c.Bucket)
	}
}

// generator generates lists.
type generator struct{ *rand.Rand }

func (g generator) text() string {
	runes := []rune("abcXYZ019 -_/:.,é✈𝄞\"\\\n\t\u0000\u2028<>&\uFFFD")
	text := make([]rune, g.IntN(30))
	for i := range text {
		text[i] = runes[g.IntN(len(runes))]
	}
	return string(text)
}

func (g generator) time() string {
	zone := time.FixedZone("", (g.IntN(53)-26)*1800)
	return time.Unix(g.Int64N(4e9), g.Int64N(1e9)).In(zone).Format(time.RFC3339Nano)
}

func (g generator) value(depth int) any {
	switch kind := g.IntN(6); {
	case kind == 0 && depth > 0:
		return []any{g.value(depth - 1), g.value(depth - 1)}
	case kind == 1 && depth > 0:
		return map[string]any{"id": g.value(depth - 1), g.text(): g.value(depth - 1)}
	case kind == 2:
		return g.text()
	case kind == 3:
		return g.NormFloat64()
	}
	return nil
}

// capture returns a capture without some of its fields.
func (g generator) capture(id int) map[string]any {
	fields := map[string]any{
		"id": fmt.Sprint(id), "status": g.text(), "type": g.text(), "system": "magic-transit", "colo_name": g.text(),
		"submitted": g.time(), "stop_requested": g.time(), "time_limit": g.IntN(86_400), "byte_limit": g.Int64N(1e12),
		"packets_captured": g.ExpFloat64() * 1e6, "destination_conf": "s3://b/" + fmt.Sprint(g.IntN(5)),
		"error_message": g.text(), "filter_v1": g.value(3), "x" + g.text(): g.value(5),
	}
	for name := range fields {
		switch g.IntN(8) {
		case 0:
			delete(fields, name)
		case 1:
			fields[name] = nil
		}
	}
	return fields
}

func (g generator) list(t *testing.T) []byte {
	t.Helper()
	captures := make([]any, g.IntN(40))
	for i := range captures {
		captures[i] = g.capture(i)
	}
	// Marshal sorts the names, so "result" precedes "success".
	envelope := map[string]any{"success": true, "result": captures, "errors": g.value(4), "t" + g.text(): g.value(4)}
	doc, err := json.Marshal(envelope)
	if g.IntN(2) == 0 {
		doc, err = json.MarshalIndent(envelope, " ", "\t")
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// referenceDecode decodes a list of captures whose fields have their types.
func referenceDecode(t *testing.T, doc []byte) (captures []cfapi.Capture) {
	t.Helper()
	var envelope struct {
		Result []struct {
			ID            string    `json:"id"`
			Status        string    `json:"status"`
			Type          string    `json:"type"`
			System        string    `json:"system"`
			Colo          string    `json:"colo_name"`
			Submitted     time.Time `json:"submitted"`
			StopRequested time.Time `json:"stop_requested"`
			TimeLimit     *float64  `json:"time_limit"`
			ByteLimit     *float64  `json:"byte_limit"`
			Packets       *float64  `json:"packets_captured"`
			Bucket        string    `json:"destination_conf"`
			ErrorMessage  string    `json:"error_message"`
		}
	}
	if err := json.Unmarshal(doc, &envelope); err != nil {
		t.Fatal(err)
	}
	number := func(f *float64) cfapi.Number {
		if f == nil {
			return cfapi.Number{}
		}
		return cfapi.Number{Value: *f, Valid: true}
	}
	for _, c := range envelope.Result {
		captures = append(captures, cfapi.Capture{
			ID: c.ID, Status: c.Status, Type: c.Type, System: c.System, Colo: c.Colo,
			Submitted: c.Submitted, StopRequested: c.StopRequested,
			TimeLimit: number(c.TimeLimit), ByteLimit: number(c.ByteLimit), Packets: number(c.Packets),
			Bucket: c.Bucket, ErrorMessage: c.ErrorMessage,
		})
	}
	return captures
}

// The result does not depend on how the network divides the response.
func TestReferenceDecode(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same lists in each run
	for i := range 50 {
		doc := g.list(t)
		want := referenceDecode(t, doc)
		for name, divide := range map[string]func(io.Reader) io.Reader{
			"bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "data with EOF": iotest.DataErrReader,
		} {
			l := list(t.Context(), readerClient(http.StatusOK, divide(bytes.NewReader(doc))))
			if l.err != nil || !reflect.DeepEqual(l.Captures, want) {
				t.Fatalf("list %d in %s: %v\n got %+v\nwant %+v\n%s", i, name, l.err, l.Captures, want, doc)
			}
		}
	}
}
