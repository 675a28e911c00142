package cfapi

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
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

func BenchmarkDecode(b *testing.B) {
	for _, n := range []int{50, 5000} {
		doc := distinctCaptures(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var r response[list[capture, *Capture]]
				if err := r.decode(bytes.NewReader(doc)); err != nil {
					b.Fatal(err)
				}
			}
		})
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
		err := client.get(t.Context(), "/", ratelimit.Request{}, func(body io.Reader) error {
			_, _ = io.CopyN(io.Discard, body, padding)
			return new(response[list[capture, *Capture]]).decode(body)
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
