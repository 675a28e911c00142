package cfapitest

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// watch lists an account of the demo once a second, from its start to its 120th
// second, and returns the lists.
func watch(t *testing.T, id string) (start time.Time, seen []list) {
	t.Helper()
	clock := newClock()
	start = clock.now()
	api := Demo("", clock.now)
	for range 121 {
		seen = append(seen, captures(t, api, "/client/v4/accounts/"+id+"/pcaps"))
		clock.pass(time.Second)
	}
	return start, seen
}

// ends tells how captures ended that did so after the first list.
func ends(seen []list) map[string]int {
	first, count := make(map[string]string), make(map[string]int)
	over := make(map[string]bool)
	for _, c := range seen[0].Result {
		first[c.ID] = c.Status
	}
	for _, l := range seen {
		for _, c := range l.Result {
			ended := c.Status == "success" || c.Status == "complete" || c.Status == "failed"
			if !ended || over[c.ID] || first[c.ID] == c.Status {
				continue
			}
			over[c.ID] = true
			count[c.Status+": "+c.ErrorMessage]++
		}
	}
	return count
}

func TestDemoProd(t *testing.T) {
	_, seen := watch(t, DemoProdID)
	if n := len(seen[0].Result); n != 41 {
		t.Errorf("%d captures at the start, want 41: 10 minutes of 4, and one now", n)
	}
	got := ends(seen)
	for want, n := range map[string]int{
		"success: ":                     2,
		"complete: ":                    3,
		"failed: " + NoPacketsMatched:   1,
		"failed: " + BucketRefused:      1,
		"failed: " + CaptureInterrupted: 1,
	} {
		if got[want] != n {
			t.Errorf("%d captures ended %q, want %d", got[want], want, n)
		}
	}
	for _, status := range []string{"pending", "running", "conversion_pending", "conversion_running"} {
		if !slices.ContainsFunc(seen, func(l list) bool { return l.Result[0].Status == status }) {
			t.Errorf("no capture is seen %s", status)
		}
	}
	quiet := 0
	for i := 1; i < len(seen); i++ {
		quiet++
		if changed(seen[i-1], seen[i]) {
			quiet = 0
		}
		if quiet > 8 {
			t.Fatalf("nothing has happened for %d s at %d s", quiet, i)
		}
	}
}

func changed(a, b list) bool {
	return !slices.EqualFunc(a.Result, b.Result, func(x, y view) bool { return x.ID == y.ID && x.Status == y.Status })
}

func TestDemoVariety(t *testing.T) {
	_, seen := watch(t, DemoProdID)
	last := seen[len(seen)-1].Result
	for name, has := range map[string]func(view) bool{
		"site":           func(c view) bool { return c.ColoName == "ord02" },
		"metro":          func(c view) bool { return c.ColoName == "ORD" },
		"colo":           func(c view) bool { return c.Colo == "fra08" },
		"s3":             func(c view) bool { return strings.HasPrefix(c.DestinationConf, "s3://") },
		"gs":             func(c view) bool { return strings.HasPrefix(c.DestinationConf, "gs://") },
		"secret":         func(c view) bool { return strings.Contains(c.DestinationConf, Secret) },
		"secret, told":   func(c view) bool { return strings.Contains(c.ErrorMessage, Secret) },
		"filter":         func(c view) bool { return c.FilterV1["destination_address"] != nil },
		"stop requested": func(c view) bool { return c.StopRequested != "" },
	} {
		if !slices.ContainsFunc(last, has) {
			t.Errorf("no capture with %s", name)
		}
	}
}

func TestDemoLab(t *testing.T) {
	start, seen := watch(t, DemoLabID)
	if got := statuses(seen[0])["complete"]; got != 9 {
		t.Errorf("%d full captures complete at the start, want 9", got)
	}
	if got := ends(seen); got["success: "] != 2 {
		t.Errorf("ended: %v", got)
	}
	hanging := formatTime(start.Add(30 * time.Second))
	for second, l := range seen {
		var running []view
		for _, c := range l.Result {
			if c.Status == "running" {
				running = append(running, c)
			}
		}
		switch {
		case second < 32 && len(running) == 0:
		case second >= 32 && len(running) == 1 && running[0].Submitted == hanging && running[0].TimeLimit == 60:
		default:
			t.Errorf("at %d s, running: %+v", second, running)
		}
	}
	if got := statuses(seen[120]); got["running"] != 1 || got["complete"] != 10 {
		t.Errorf("the one that hangs does not block the next: %v", got)
	}
}

func statuses(l list) map[string]int {
	count := make(map[string]int)
	for _, c := range l.Result {
		count[c.Status]++
	}
	return count
}

func TestDemoToken(t *testing.T) {
	api := Demo("secret", nil)
	path := "/accounts/" + DemoLabID + "/pcaps"
	for authorization, want := range map[string]int{"": 401, "Bearer secret": 200} {
		if w := ask(api, http.MethodGet, path, authorization); w.Code != want {
			t.Errorf("%q: %d, want %d", authorization, w.Code, want)
		}
	}
}
