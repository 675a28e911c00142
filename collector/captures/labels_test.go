package captures

import (
	"fmt"
	"strings"
	"testing"
)

func TestSanitize(t *testing.T) {
	long := strings.Repeat("x", maxLabelBytes)
	for text, want := range map[string]string{
		"":                           "",
		"ord02":                      "ord02",
		"a\xffb":                     "a\uFFFDb",
		long:                         long,
		long + "y":                   long,
		long[2:] + "é":               long[2:] + "é",
		long[1:] + "é":               long[1:], // the cut is in the middle of the rune
		strings.Repeat("x\xff", 128): strings.Repeat("x\uFFFD", maxLabelBytes/4),
	} {
		if got := Sanitize(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestLabelSet(t *testing.T) {
	s := LabelSet{Documented: []string{"complete"}}
	for i := range 40 {
		s.Normalize(fmt.Sprint(i))
	}
	for text, want := range map[string]string{"": unknown, "complete": "complete", "0": "0", "31": "31", "32": other} {
		if got := s.Normalize(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if s.Unrecognized != 43 {
		t.Errorf("%d unrecognized values", s.Unrecognized)
	}
}
