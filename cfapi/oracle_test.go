package cfapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"reflect"
	"testing"
	"testing/iotest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// plain is how encoding/json reads a capture of which each field has its type.
type plain struct {
	ID            string
	Status        string
	Type          string
	System        string
	Colo          string     `json:"colo_name"`
	Submitted     *time.Time // nil is absent
	StopRequested *time.Time `json:"stop_requested"`
	TimeLimit     *float64   `json:"time_limit"`
	ByteLimit     *float64   `json:"byte_limit"`
	Packets       *float64   `json:"packets_captured"`
	Bucket        string     `json:"destination_conf"`
	ErrorMessage  string     `json:"error_message"`
}

func (p plain) capture() cfapi.Capture {
	date := func(t *time.Time) time.Time {
		if t == nil {
			return time.Time{}
		}
		return *t
	}
	number := func(f *float64) cfapi.Number {
		if f == nil {
			return cfapi.Number{}
		}
		return cfapi.Number{Value: *f, Valid: true}
	}
	return cfapi.Capture{
		ID: p.ID, Status: p.Status, Type: p.Type, System: p.System, Colo: p.Colo,
		Submitted: date(p.Submitted), StopRequested: date(p.StopRequested),
		TimeLimit: number(p.TimeLimit), ByteLimit: number(p.ByteLimit), Packets: number(p.Packets),
		Bucket: p.Bucket, ErrorMessage: p.ErrorMessage,
	}
}

// generator makes well-formed lists, the same ones for the same seed.
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

func (g generator) nested(depth int) any {
	switch kind := g.IntN(6); {
	case kind == 0 && depth > 0:
		return []any{g.nested(depth - 1), g.nested(depth - 1)}
	case kind == 1 && depth > 0:
		return map[string]any{"id": g.nested(depth - 1), g.text(): g.nested(depth - 1)}
	case kind == 2:
		return g.text()
	case kind == 3:
		return g.NormFloat64()
	}
	return nil
}

// capture leaves out each field now and then.
func (g generator) capture(i int) map[string]any {
	fields := map[string]any{
		"id": fmt.Sprint(i), "status": g.text(), "type": g.text(), "system": "magic-transit", "colo_name": g.text(),
		"submitted": g.time(), "stop_requested": g.time(), "time_limit": g.IntN(86_400), "byte_limit": g.Int64N(1e12),
		"packets_captured": g.ExpFloat64() * 1e6, "destination_conf": "s3://b/" + fmt.Sprint(g.IntN(5)),
		"error_message": g.text(), "filter_v1": g.nested(3), "x" + g.text(): g.nested(5),
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
	// In a map "result" comes before "success"; another key may come between.
	envelope := map[string]any{"success": true, "result": captures, "errors": g.nested(4), "t" + g.text(): g.nested(4)}
	doc, err := json.Marshal(envelope)
	if g.IntN(2) == 0 {
		doc, err = json.MarshalIndent(envelope, " ", "\t")
	}
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func decodePlainly(t *testing.T, doc []byte) []cfapi.Capture {
	t.Helper()
	var envelope struct{ Result []plain }
	if err := json.Unmarshal(doc, &envelope); err != nil {
		t.Fatal(err)
	}
	var captures []cfapi.Capture
	for _, p := range envelope.Result {
		captures = append(captures, p.capture())
	}
	return captures
}

// The stream gives what a plain decode of the whole document gives, however the
// network cuts it into pieces.
func TestStreamEqualsPlainDecode(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same lists each time
	for i := range 50 {
		doc := g.list(t)
		want := decodePlainly(t, doc)
		for name, cut := range map[string]func(io.Reader) io.Reader{
			"bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "last with EOF": iotest.DataErrReader,
		} {
			client := answering(http.StatusOK, nil, func() io.Reader { return cut(bytes.NewReader(doc)) })
			l := list(t.Context(), client)
			if l.err != nil || !reflect.DeepEqual(l.captures, want) {
				t.Fatalf("list %d in %s: %v\n got %+v\nwant %+v\n%s", i, name, l.err, l.captures, want, doc)
			}
		}
	}
}
