package accounts

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// countingTransport counts calls of CloseIdleConnections.
type countingTransport struct {
	err    error // of all requests
	closed int
}

func (c *countingTransport) RoundTrip(*http.Request) (*http.Response, error) {
	return &http.Response{Body: io.NopCloser(strings.NewReader(""))}, c.err
}

func (c *countingTransport) CloseIdleConnections() { c.closed++ }

// A request in flight when its transport retires may leave an idle connection, even if
// it fails: HTTP/2 keeps the connection of a canceled request.
func TestRetiredTransport(t *testing.T) {
	for name, test := range map[string]struct {
		retire bool
		err    error
		want   int
	}{
		"in use":           {false, nil, 0},
		"in use, failure":  {false, io.ErrUnexpectedEOF, 0},
		"retired":          {true, nil, 2},
		"retired, failure": {true, io.ErrUnexpectedEOF, 2},
	} {
		t.Run(name, func(t *testing.T) {
			next := &countingTransport{err: test.err}
			transport := &transport{next: next}
			if test.retire {
				transport.retire()
			}
			resp, err := transport.RoundTrip(new(http.Request))
			if !errors.Is(err, test.err) {
				t.Fatal(err)
			}
			if err == nil {
				if early := next.closed; early > 1 {
					t.Error("connections were closed before the body was")
				}
				resp.Body.Close()
			}
			if next.closed != test.want {
				t.Errorf("idle connections were closed %d times, want %d", next.closed, test.want)
			}
		})
	}
}
