package cfapi

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// maxString is the maximum length of a string that is kept, in bytes. The rest is dropped
// before any work is done on it.
const maxString = 1024

// maxNumber is the maximum length of a number, in bytes. A longer one counts as absent.
const maxNumber = 64

// maxLabels is the maximum number of strings that a decoder interns.
const maxLabels = 4096

// unquoted returns at most the first 1 KiB of a string, or nil if the value has another type.
// The result is valid until the next value is read.
func (d *decoder) unquoted() ([]byte, error) {
	text, err := d.wholeString()
	return text[:min(len(text), maxString)], err
}

func (d *decoder) wholeString() ([]byte, error) {
	value, err := d.ReadValue()
	if err != nil || value.Kind() != '"' {
		return nil, err
	}
	if bytes.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1], nil
	}
	d.text, _ = jsontext.AppendUnquote(d.text[:0], value) // fails on invalid UTF-8 only
	return d.text, nil
}

func (d *decoder) str(to *string) error {
	text, err := d.unquoted()
	*to = valid(text)
	return err
}

func (d *decoder) label(to *string) error {
	text, err := d.unquoted()
	if len(text) > 0 {
		*to = d.intern(text)
	}
	return err
}

func (d *decoder) intern(text []byte) string {
	recent := &d.recent[len(text)%len(d.recent)]
	if *recent == string(text) {
		return *recent
	}
	if s, ok := d.labels[string(text)]; ok {
		*recent = s
		return s
	}
	s := valid(text)
	if len(d.labels) < maxLabels {
		d.labels[string(text)] = s
	}
	return s
}

// valid replaces invalid UTF-8.
func valid(text []byte) string {
	return strings.ToValidUTF8(string(text), "\uFFFD")
}

func (d *decoder) time(to *time.Time) error {
	text, err := d.unquoted()
	if to.UnmarshalText(text) != nil || to.Unix() <= 0 { // a zero time of any language
		*to = time.Time{}
	}
	return err
}

func (d *decoder) number(to *Number) error {
	value, err := d.ReadValue()
	if err != nil || value.Kind() != '0' || len(value) > maxNumber {
		return err
	}
	// No real value comes near the bound, and no sum below it is infinite.
	if f, err := strconv.ParseFloat(string(value), 64); err == nil && f >= 0 && f < 1<<63 {
		*to = Number{Value: math.Abs(f), Valid: true} // -0, too
	}
	return nil
}

func (d *decoder) integer(to *int) error {
	var n Number
	err := d.number(&n)
	*to = int(min(n.Value, math.MaxInt32))
	return err
}
