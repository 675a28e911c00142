package ratelimit

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// step matches a line of the example in the package comment.
var step = regexp.MustCompile(`(?m)^//\t(?:12:(\d\d))? +([a-z, ]+?) +(sent|refused)(?:\W.* (\d) (?:is|are) available)?`)

func TestExample(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	steps := step.FindAllStringSubmatch(string(text), -1)
	if len(steps) != 7 {
		t.Fatalf("%d steps, want 7: %q", len(steps), steps)
	}
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Limit: 5}
		start := time.Now()
		for _, step := range steps {
			if minute, err := strconv.Atoi(step[1]); err == nil {
				time.Sleep(time.Until(start.Add(time.Duration(minute) * time.Minute)))
			}
			want := strings.ReplaceAll(step[2], ", ", "")
			if step[3] == "refused" {
				want = ""
			}
			if got := request(l, strings.ReplaceAll(step[2], ", ", "")); got != want {
				t.Errorf("%q: requests for %q were sent", step[0], got)
			}
			if n, _ := available(l); step[4] != "" && step[4] != strconv.Itoa(n) {
				t.Errorf("%q: %d are available", step[0], n)
			}
		}
	})
}
