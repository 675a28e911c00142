package page

import (
	"fmt"
	"testing"
)

func TestSegments(t *testing.T) {
	text := ""
	for _, s := range segments(map[string]int{"strange": 1, "failed": 1, "success": 2}) {
		text += fmt.Sprintf("%s %s %d %g+%g; ", s.Name, s.Class, s.N, s.X, s.Width)
	}
	if want := "success success 2 0+496; failed failed 1 500+246; strange undocumented 1 750+250; "; text != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
	narrow := segments(map[string]int{"failed": 1, "running": 199})
	if got := narrow[0].Width; got != 2.5 {
		t.Errorf("width of a narrow segment: %g", got)
	}
	if bar := segments(nil); bar != nil {
		t.Errorf("without captures: %v", bar)
	}
}

// The most frequent of the undocumented statuses are shown, and the others together.
func TestManySegments(t *testing.T) {
	counts := map[string]int{"success": 1, "frequent": 9}
	for i := range 40 {
		counts[fmt.Sprintf("s%02d", i)] = 2
	}
	got := segments(counts)
	last := got[len(got)-1]
	if len(got) != 8+maxRows+1 || got[0].Name != "success" || got[1].Name != "frequent" || got[2].Name != "s00" || last.Name != "all others" || last.N != 2*(42-8-maxRows) {
		t.Errorf("got %v", got)
	}
}
