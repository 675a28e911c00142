package cfapi

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// maxString is the maximum length of a string that is kept, in bytes.
const maxString = 1024

// text is an optional string.
type text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *text) UnmarshalJSON(value []byte) error {
	*t = ""
	if value[0] != '"' {
		return nil
	}
	if bytes.IndexByte(value, '\\') < 0 {
		value = value[1 : len(value)-1]
	} else {
		value, _ = jsontext.AppendUnquote(nil, value) // fails on invalid UTF-8 only
	}
	*t = text(strings.ToValidUTF8(string(value), "\uFFFD"))
	return nil
}

// clip returns at most the first 1 KiB of the text.
func (t text) clip() string {
	if len(t) <= maxString {
		return string(t)
	}
	return strings.ToValidUTF8(strings.Clone(string(t[:maxString])), "\uFFFD")
}

// message returns at most 1 KiB of the text, in whole words: half a URI could no longer be
// recognized as one.
func (t text) message() string {
	if len(t) <= maxString {
		return string(t)
	}
	return string(t[:strings.LastIndexByte(string(t[:maxString]), ' ')+1]) + "…"
}

// uri returns scheme, name and path of a URI. The rest can contain keys.
func (t text) uri() string {
	if strings.Contains(string(t), "@") { // what precedes it may be a key with any of "/?#" in it
		return ""
	}
	if i := strings.IndexAny(string(t), "?#"); i >= 0 {
		t = t[:i]
	}
	if !strings.Contains(string(t), "://") {
		return ""
	}
	return t.clip()
}

// Number is an optional number. Its zero value is an absent number.
type Number struct {
	Value float64 // never negative
	Valid bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Number) UnmarshalJSON(value []byte) error {
	*n = Number{}
	// No real value comes near the bound, and no sum below it is infinite.
	if f, err := strconv.ParseFloat(string(value), 64); err == nil && f >= 0 && f < 1<<63 {
		*n = Number{Value: math.Abs(f), Valid: true} // -0, too
	}
	return nil
}

func (n Number) integer() int { return int(min(n.Value, math.MaxInt32)) }
