package cfapi

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// maxItems is the maximum number of items of a list, on all pages. The API documents 50 captures.
const maxItems = 10_000

var errTooMany = fmt.Errorf("%w: the list has more than 10,000 items", errDecode)

// response is a response of the API. The decoder is strict about the syntax and lenient about
// types: a field of another type counts as absent.
type response[T interface{ missing() bool }] struct {
	Success jsontext.Value       `json:"success"`
	Result  T                    `json:"result"`
	Errors  list[errorItem, int] `json:"errors"`
	Info    object[struct {
		Page       Number `json:"page"`
		PerPage    Number `json:"per_page"`
		TotalCount Number `json:"total_count"`
	}] `json:"result_info"`
}

// errorItem is an error in a response. Its text may repeat the request.
type errorItem struct {
	Code Number `json:"code"`
}

func (e errorItem) public() int { return e.Code.integer() }

// decode reads a whole response. It returns an error unless the response is a success with a result.
func (r *response[T]) decode(body io.Reader) error {
	err := unmarshal(body, r)
	switch success := string(r.Success); {
	case errors.Is(err, errTooMany): // without the names of Go types
		return errTooMany
	case err != nil:
		return fmt.Errorf("%w: %w", errDecode, &redactedError{err})
	case success != "true" && success != "false":
		return fmt.Errorf("%w: field success is missing or not a boolean", errDecode)
	case success == "false":
		return &Error{StatusCode: http.StatusOK, Code: cmp.Or(r.Errors...)}
	case r.Result.missing():
		return fmt.Errorf("%w: field result is missing or has the wrong type", errDecode)
	}
	return nil
}

// unmarshal reads one JSON document, and nothing after it.
func unmarshal(body io.Reader, to any) error {
	r := &valueReader{body: body}
	r.decoder = jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if err := json.UnmarshalDecode(r.decoder, to); err != nil {
		return err
	}
	_, err := r.decoder.ReadToken()
	switch {
	case err == nil:
		return errors.New("unexpected data after the JSON document")
	case errors.Is(err, io.EOF):
		return nil
	}
	return err
}

// maxValue is the maximum length of a string, a number or a name, in bytes. The decoder has all
// of it in memory, several times.
const maxValue = 1 << 20

// valueReader bounds what its decoder reads ahead.
type valueReader struct {
	body    io.Reader
	read    int64 // bytes so far
	decoder *jsontext.Decoder
}

// Read implements io.Reader.
func (r *valueReader) Read(p []byte) (int, error) {
	left := maxValue - (r.read - r.decoder.InputOffset())
	if left <= 0 {
		return 0, errors.New("a value is longer than 1 MiB")
	}
	n, err := r.body.Read(p[:min(int64(len(p)), left)])
	r.read += int64(n)
	return n, err
}

// list is an array, or null. Its items are decoded as T and kept as P. An item that is not an
// object is empty.
type list[T interface{ public() P }, P any] []P

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (l *list[T, P]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*l = nil
	kind := d.PeekKind()
	if kind == 'n' {
		*l = list[T, P]{}
	}
	if kind != '[' {
		return d.SkipValue()
	}
	_, err := d.ReadToken()
	var item object[T]
	for *l = (list[T, P]{}); err == nil && d.PeekKind() != ']'; {
		if len(*l) == maxItems {
			return errTooMany
		}
		err = item.UnmarshalJSONFrom(d)
		*l = append(*l, item.Value.public())
	}
	if err == nil {
		_, err = d.ReadToken()
	}
	return err
}

func (l list[T, P]) missing() bool { return l == nil }

// object is an optional object.
type object[T any] struct {
	Value T
	Valid bool
}

// UnmarshalJSONFrom implements json.UnmarshalerFrom.
func (o *object[T]) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	*o = object[T]{Valid: d.PeekKind() == '{'}
	if !o.Valid {
		return d.SkipValue()
	}
	return json.UnmarshalDecode(d, &o.Value)
}

func (o object[T]) missing() bool { return !o.Valid }
