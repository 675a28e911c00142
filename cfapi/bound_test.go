package cfapi

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// padded is an answer of so many bytes in front of a whole list.
type padded struct{ padding int64 }

const emptyList = `{"success":true,"result":[]}`

func (p padded) RoundTrip(r *http.Request) (*http.Response, error) {
	body := io.MultiReader(io.LimitReader(zeros{}, p.padding), strings.NewReader(emptyList))
	return &http.Response{StatusCode: http.StatusOK, Header: make(http.Header), Body: io.NopCloser(body), Request: r}, nil
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// The padding is not decoded: 64 MiB of that take seconds under the race
// detector.
func TestBodyIsBounded(t *testing.T) {
	const room = 64<<20 - int64(len(emptyList))
	for padding, want := range map[int64]Reason{room: "", room + 1: ReasonDecode, 1 << 40: ReasonDecode} {
		client := Client{Transport: padded{padding}}
		err := client.get(t.Context(), call{endpoint: EndpointCaptures, path: "/"}, func(body io.Reader) error {
			_, _ = io.CopyN(io.Discard, body, padding)
			d := newDecoder(body)
			_, err := d.envelope(d.SkipValue)
			return err
		})
		if want == "" && err != nil {
			t.Errorf("the longest answer allowed: %v", err)
		}
		if want != "" && (err == nil || ReasonOf(err) != want) {
			t.Errorf("%d bytes of padding: %v, want reason %q", padding, err, want)
		}
		if tooLong, ok := errors.AsType[*http.MaxBytesError](err); want != "" && (!ok || tooLong.Limit != 64<<20) {
			t.Errorf("%d bytes of padding: %v, want the bound to be its cause", padding, err)
		}
	}
}
