package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func write(t *testing.T, v *View) string {
	t.Helper()
	var b strings.Builder
	v.Now = now
	if err := Write(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestPolicy has the policy allow the style that is in the page, to the byte.
func TestPolicy(t *testing.T) {
	_, text, _ := strings.Cut(write(t, &View{}), "<style>")
	text, _, _ = strings.Cut(text, "</style>")
	sum := sha256.Sum256([]byte(text))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(ContentSecurityPolicy(), want) {
		t.Errorf("%s does not allow %s", ContentSecurityPolicy(), want)
	}
	if strings.Contains(write(t, &View{}), "style=") {
		t.Error("the policy forbids inline styles")
	}
}

// TestMany has more accounts than are shown: the troubled ones come first.
func TestMany(t *testing.T) {
	list := &List{Fetched: now}
	for i := range 30 {
		group := Group{"magic-transit", "full", fmt.Sprintf("colo%02d", i)}
		list.InFlight = append(list.InFlight, InFlight{Group: group, Status: "running", Captures: 1})
		list.Failures = append(list.Failures, Failure{Group: group, Failed: 3, Reasons: []Count{{"other", 1}}})
	}
	v := &View{}
	for i := range 1000 {
		v.Accounts = append(v.Accounts, Account{ID: fmt.Sprintf("%032x", i), LastScrape: now, LastSuccess: now, List: list})
	}
	late := *list
	late.InFlight = []InFlight{{Status: "running", Captures: 1, Submitted: now.Add(-time.Hour), Due: now.Add(-10 * time.Minute)}}
	v.Accounts[700].List = &late
	v.Accounts[800].Reason = "timeout"
	text := write(t, v)
	for _, want := range []string{"900 accounts more are up", "And 10 rows more, due later", "And 10 rows more, with older failures", "no message <b>2</b>"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	if n := strings.Count(text, "<article"); n != maxAccounts {
		t.Errorf("%d accounts", n)
	}
	at := func(i int) int { return strings.Index(text, fmt.Sprintf("%032x", i)) }
	if first, second, third := at(800), at(700), at(0); first < 0 || first > second || second > third {
		t.Errorf("down at %d, overdue at %d, up at %d", first, second, third)
	}
	for i := range v.Accounts {
		v.Accounts[i].Reason = "timeout"
	}
	if want := "not all of them are up"; !strings.Contains(write(t, v), want) {
		t.Errorf("it lacks %s", want)
	}
}

// TestManyStatuses has each of many accounts invent its own: what is shown stays
// bounded, the most frequent are named, and none is lost.
func TestManyStatuses(t *testing.T) {
	v := &View{}
	for i := range 1000 {
		list := &List{Fetched: now, Statuses: []Count{{"success", 5}, {"everywhere", 1}}}
		for j := range 30 {
			list.Statuses = append(list.Statuses, Count{fmt.Sprintf("s%d-%d", i, j), 1})
		}
		v.Accounts = append(v.Accounts, Account{ID: fmt.Sprintf("%032x", i), LastScrape: now, List: list})
	}
	_, text, _ := strings.Cut(write(t, v), "All accounts</h2>")
	text, _, _ = strings.Cut(text, "</section>")
	for _, want := range []string{"success</bdi> <b>5000</b>", "everywhere</bdi> <b>1000</b>", "all others</bdi> <b>29981</b>"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %s", want)
		}
	}
	if n := strings.Count(text, "<li>"); n != 1+maxRows+1 {
		t.Errorf("%d statuses", n)
	}
}

func TestFlights(t *testing.T) {
	for _, c := range []struct {
		status  string
		age     time.Duration
		percent int
		state   string
	}{
		{"running", 0, 0, ""},
		{"running", 30 * time.Second, 50, ""},
		{"running", time.Minute, 100, ""},
		{"running", 61 * time.Second, 101, "past due"},
		{"pending", 2 * time.Minute, 200, "past due"},
		{"conversion_running", 2 * time.Minute, 200, ""},
		{"conversion_running", 6*time.Minute + time.Second, 601, overdue},
		{"running", 6 * time.Minute, 600, "past due"},
		{"running", 24 * time.Hour, 999, overdue},
		{"running", -time.Minute, 0, ""},
	} {
		submitted := now.Add(-c.age)
		got := newFlight(InFlight{Status: c.status, Submitted: submitted, Due: submitted.Add(time.Minute)}, now)
		if got.Percent != c.percent || got.State != c.state {
			t.Errorf("%s after %v: %d %% %q, want %d %% %q", c.status, c.age, got.Percent, got.State, c.percent, c.state)
		}
	}
	if got := newFlight(InFlight{Status: "running", Submitted: now, Due: now}, now); got.Percent != 100 {
		t.Errorf("with no time to use, %d %%", got.Percent)
	}
	if got := newFlight(InFlight{Status: "running", Submitted: now}, now); got.Used != nil || got.State != "" {
		t.Errorf("without a time limit: %+v", got)
	}
}

func TestBars(t *testing.T) {
	bar := segments([]Count{{"strange", 1}, {"failed", 1}, {"running", 0}, {"success", 2}})
	text := ""
	for _, s := range bar {
		text += fmt.Sprintf("%s %s %d %g+%g; ", s.Name, s.Class, s.N, s.X, s.Width)
	}
	if want := "success success 2 0+496; failed failed 1 500+246; strange undocumented 1 750+250; "; text != want {
		t.Errorf("got %s\nwant %s", text, want)
	}
	if bar := segments([]Count{{"running", 0}}); bar != nil {
		t.Errorf("of nothing: %v", bar)
	}
	if bar := filled("left", -1, 1200); bar != nil {
		t.Errorf("of what is not known: %v", bar)
	}
	if bar := filled("left", 1300, 1200); bar[0].Width != barWidth {
		t.Errorf("of more than all: %v", bar)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", 1900 * time.Millisecond: "1 s", time.Minute: "1 min", 61 * time.Second: "1 min 1 s",
		2*time.Hour + 59*time.Second: "2 h", 25*time.Hour + 59*time.Minute: "1 d 1 h", 720 * time.Hour: "30 d",
	} {
		if got := span(d); got != want {
			t.Errorf("%v is %q, want %q", d, got, want)
		}
	}
}

// The statuses have the colours that they have on the dashboards.
func TestColours(t *testing.T) {
	code, err := os.ReadFile("../../deploy/grafana/lib/colours.libsonnet")
	if err != nil {
		t.Fatal(err)
	}
	palette := make(map[string]string)
	for _, match := range regexp.MustCompile(`(?m)^  (\w+): '(#\w+)',$`).FindAllStringSubmatch(string(code), -1) {
		palette[match[1]] = strings.ToLower(match[2])
	}
	_, statuses, _ := strings.Cut(string(code), "  statuses: {\n")
	statuses, _, _ = strings.Cut(statuses, "}")
	matches := regexp.MustCompile(`(\w+): palette\.(\w+),`).FindAllStringSubmatch(statuses, -1)
	if len(matches) != 8 {
		t.Fatalf("%d statuses found in the dashboards' code", len(matches))
	}
	for _, match := range matches {
		if want := fmt.Sprintf("--%s: %s;", match[1], palette[match[2]]); !strings.Contains(string(style), want) {
			t.Errorf("the style has no %s", want)
		}
	}
}
