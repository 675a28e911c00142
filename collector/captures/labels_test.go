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
	for _, test := range []struct {
		text, want string
		documented bool
	}{
		{"", Unknown, true},
		{"complete", "complete", true},
		{"0", "0", false},
		{"31", "31", false},
		{"32", Other, false},
	} {
		if got, documented := s.Normalize(test.text); got != test.want || documented != test.documented {
			t.Errorf("%q: got %q, %v", test.text, got, documented)
		}
	}
}
