package cfapi

import (
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// maxValue is the maximum length of a value and its name, in bytes, because jsontext buffers
// whole strings and the names in a skipped value. A capture may be longer: the bound applies to
// each of its fields.
const maxValue = 1 << 20

// decoder reads a response as a stream. It is strict about the syntax and lenient
// about types: a field of another type counts as absent.
type decoder struct {
	*jsontext.Decoder
	body   io.Reader
	read   int64             // bytes of the body so far
	start  int64             // offset of the current value
	text   []byte            // the last string, unquoted
	labels map[string]string // interned strings
	recent [32]string        // the last interned string of each length, modulo 32
}

func newDecoder(r io.Reader) *decoder {
	d := &decoder{body: r, labels: make(map[string]string)}
	d.Decoder = jsontext.NewDecoder(d, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	return d
}

// Read implements io.Reader for the Decoder, which calls it only if the current value does not
// end in what was read so far.
func (d *decoder) Read(p []byte) (int, error) {
	left := maxValue - (d.read - d.start)
	if left <= 0 {
		return 0, errors.New("a value is longer than 1 MiB")
	}
	n, err := d.body.Read(p[:min(int64(len(p)), left)])
	d.read += int64(n)
	return n, err
}

// next returns the kind of the next value, which becomes the current one.
func (d *decoder) next() jsontext.Kind {
	d.start = d.InputOffset()
	return d.PeekKind()
}

// lenient calls read if the next value is of the given kind.
func (d *decoder) lenient(kind jsontext.Kind, read func() error) error {
	if d.PeekKind() != kind {
		return d.SkipValue()
	}
	return read()
}

// object calls member with each name. The name is valid until member reads the
// value, which it must.
func (d *decoder) object(member func(name []byte) error) error {
	if err := d.open('{'); err != nil {
		return err
	}
	for d.next() == '"' {
		name, err := d.unquoted()
		if err != nil {
			return err
		}
		if err := member(name); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (d *decoder) array(element func() error) error {
	if err := d.open('['); err != nil {
		return err
	}
	for kind := d.next(); kind != ']' && kind != 0; kind = d.next() {
		if err := element(); err != nil {
			return err
		}
	}
	_, err := d.ReadToken()
	return err
}

func (d *decoder) open(kind jsontext.Kind) error {
	token, err := d.ReadToken()
	if err == nil && token.Kind() != kind {
		err = errors.New("found " + token.Kind().String() + " in place of " + kind.String())
	}
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// end returns an error unless the document has ended.
func (d *decoder) end() error {
	_, err := d.ReadToken()
	switch {
	case err == nil:
		return errors.New("unexpected data after the JSON document")
	case errors.Is(err, io.EOF):
		return nil
	}
	return err
}
