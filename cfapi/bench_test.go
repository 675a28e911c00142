package cfapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// distinctCaptures returns a list of n captures with distinct ids, times and numbers.
func distinctCaptures(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"success":true,"result":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":"%032x","status":"complete","type":"full","system":"magic-transit","colo_name":"ord02",`+
			`"submitted":"2026-03-01T12:00:00.%06dZ","stop_requested":"2026-03-01T12:00:00.%06dZ","time_limit":%d,`+
			`"byte_limit":1e9,"packet_limit":10000,"packets_captured":%d,"packets_remaining":0,`+
			`"destination_conf":"r2://bucket/directory?account-id=0&access-key-id=1&secret-access-key=2",`+
			`"error_message":"No packets matched \"it\".","filter_v1":{"source_address":"192.0.2.%d","protocol":6}}`,
			i, i, i, i, i, i%256)
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func decodeAll(tb testing.TB, doc []byte, each func(*Capture)) {
	tb.Helper()
	d := newDecoder(bytes.NewReader(doc))
	var c Capture
	_, err := d.envelope(func() error {
		return d.array(func() error {
			c = Capture{}
			err := d.capture(&c)
			each(&c)
			return err
		})
	})
	if err != nil {
		tb.Error(err)
	}
}

func BenchmarkDecode(b *testing.B) {
	doc := distinctCaptures(50)
	b.ReportAllocs()
	for b.Loop() {
		decodeAll(b, doc, func(*Capture) {})
	}
}

// A capture costs one allocation, for its id.
func TestAllocations(t *testing.T) {
	const few, many = 100, 1100
	allocs := func(n int) float64 {
		doc := distinctCaptures(n)
		return testing.AllocsPerRun(5, func() { decodeAll(t, doc, func(*Capture) {}) })
	}
	a, b := allocs(few), allocs(many)
	if each := (b - a) / (many - few); each > 1.01 {
		t.Errorf("%.0f allocations for %d captures, %.0f for %d: %.3f for each, want 1", a, few, b, many, each)
	}
}

// Interned labels are correct even if there are more than a decoder keeps.
func TestManyLabels(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"success":true,"result":[{}`)
	const n = 3 * maxLabels
	for i := range n {
		fmt.Fprintf(&b, `,{"status":"%d","type":"%d"}`, i%5000, i/2)
	}
	b.WriteString(`]}`)
	i := -1
	decodeAll(t, b.Bytes(), func(c *Capture) {
		if i >= 0 && (c.Status != fmt.Sprint(i%5000) || c.Type != fmt.Sprint(i/2)) {
			t.Fatalf("capture %d: %+v", i, c)
		}
		i++
	})
	if i != n {
		t.Errorf("%d captures, want %d", i, n)
	}
}

func TestLabelsAreBounded(t *testing.T) {
	d := newDecoder(bytes.NewReader(nil))
	for i := range 2 * maxLabels {
		d.intern(fmt.Append(nil, i))
	}
	if len(d.labels) != maxLabels {
		t.Errorf("%d labels are kept, want %d", len(d.labels), maxLabels)
	}
}

// paddedBody responds with a list after padding.
type paddedBody struct{ padding int64 }

const emptyList = `{"success":true,"result":[]}`

func (p paddedBody) RoundTrip(r *http.Request) (*http.Response, error) {
	body := io.MultiReader(io.LimitReader(zeros{}, p.padding), strings.NewReader(emptyList))
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(body), Request: r}, nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// The padding is not decoded, because that would take seconds with the race detector.
func TestBodyIsBounded(t *testing.T) {
	const most = 64<<20 - int64(len(emptyList))
	for padding, want := range map[int64]Reason{most: "", most + 1: ReasonDecode, 1 << 40: ReasonDecode} {
		client := Client{Transport: paddedBody{padding}}
		err := client.get(t.Context(), call{endpoint: EndpointCaptures, path: "/"}, func(body io.Reader) error {
			_, _ = io.CopyN(io.Discard, body, padding)
			d := newDecoder(body)
			_, err := d.envelope(d.SkipValue)
			return err
		})
		if want == "" {
			if err != nil {
				t.Errorf("64 MiB: %v", err)
			}
			continue
		}
		if tooLong, ok := errors.AsType[*http.MaxBytesError](err); !ok || tooLong.Limit != 64<<20 || ReasonOf(err) != want {
			t.Errorf("%d bytes of padding: %v", padding, err)
		}
	}
}
