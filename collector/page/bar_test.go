package page

import (
	"fmt"
	"slices"
	"testing"
)

func TestSegments(t *testing.T) {
	text := ""
	for _, s := range segments([]Count{{"strange", 1}, {"failed", 1}, {"running", 0}, {"success", 2}}) {
		text += fmt.Sprintf("%s %s %d %g+%g; ", s.Name, s.Class, s.N, s.X, s.Width)
	}
	if want := "success success 2 0+496; failed failed 1 500+246; strange undocumented 1 750+250; "; text != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
	narrow := segments([]Count{{"failed", 1}, {"running", 199}})
	if got := narrow[0].Width; got != 2.5 {
		t.Errorf("width of a narrow segment: %g", got)
	}
	if bar := segments([]Count{{"running", 0}}); bar != nil {
		t.Errorf("without captures: %v", bar)
	}
}

func TestProgressBar(t *testing.T) {
	for _, tt := range []struct {
		n, total int64
		want     float64 // negative without a bar
	}{
		{0, 1200, 0}, {300, 1200, 250}, {1300, 1200, 1000}, {-1, 1200, -1}, {1, 0, -1}, {1, -1, -1},
	} {
		got := -1.0
		if bar := progressBar("left", tt.n, tt.total); bar != nil {
			got = bar[0].Width
		}
		if got != tt.want {
			t.Errorf("%d of %d: %g, want %g", tt.n, tt.total, got, tt.want)
		}
	}
}

func TestStatusCounts(t *testing.T) {
	counts := map[string]int{"success": 1, "frequent": 9}
	for i := range maxRows + 1 {
		counts[fmt.Sprintf("s%02d", i)] = 2
	}
	got := statusCounts(counts)
	if len(got) != 1+maxRows+1 || got[0] != (Count{"success", 1}) || got[1] != (Count{"frequent", 9}) ||
		got[2] != (Count{"s00", 2}) || got[len(got)-1] != (Count{"all others", 4}) {
		t.Errorf("got %v", got)
	}
	delete(counts, "s19")
	delete(counts, "s20")
	if got := statusCounts(counts); len(got) != 1+maxRows || slices.ContainsFunc(got, func(c Count) bool { return c.Name == "all others" }) {
		t.Errorf("without others: %v", got)
	}
}
