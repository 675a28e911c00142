package captures

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds on label values, to protect Prometheus from the API.
const (
	maxLabelBytes   = 128
	maxUndocumented = 32 // undocumented values of one label
)

// Label values that stand for others.
const (
	unknown = "unknown" // for a missing value
	other   = "other"   // for values beyond a bound
)

// Sanitize returns text as a label value: valid UTF-8 of at most 128 bytes.
func Sanitize(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if len(text) > maxLabelBytes {
		text = strings.ToValidUTF8(text[:maxLabelBytes], "") // removes half a rune at the cut
	}
	return text
}

// A LabelSet bounds the values of one label. It keeps the documented values and the
// first 32 undocumented ones.
type LabelSet struct {
	Documented   []string
	Unrecognized int // number of times that a value was undocumented

	undocumented []string
}

// Normalize returns the label value for text.
func (s *LabelSet) Normalize(text string) string {
	text = Sanitize(text)
	if text == "" {
		return unknown
	}
	if slices.Contains(s.Documented, text) {
		return text
	}
	s.Unrecognized++
	if slices.Contains(s.undocumented, text) {
		return text
	}
	if len(s.undocumented) == maxUndocumented {
		return other
	}
	s.undocumented = append(s.undocumented, text)
	return text
}
