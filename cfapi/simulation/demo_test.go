package simulation

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// watch lists an account of the demo every second for 120 s.
func watch(t *testing.T, id string) (start time.Time, lists []list) {
	t.Helper()
	clock := newClock()
	start = clock.now()
	api := Demo("", clock.now)
	for range 121 {
		lists = append(lists, captures(t, api, "/accounts/"+id+"/pcaps"))
		clock.advance(time.Second)
	}
	return start, lists
}

// ended counts the captures that ended after the first list, by status and error message.
func ended(lists []list) map[string]int {
	count, seen := make(map[string]int), make(map[string]bool)
	for i, l := range lists {
		for _, c := range l.Result {
			final := c.Status == "success" || c.Status == "complete" || c.Status == "failed"
			if !final || seen[c.ID] {
				continue
			}
			seen[c.ID] = true
			if i > 0 {
				count[c.Status+": "+c.ErrorMessage]++
			}
		}
	}
	return count
}

func TestDemoProd(t *testing.T) {
	_, lists := watch(t, DemoProdID)
	if n := len(lists[0].Result); n != 41 {
		t.Errorf("%d captures at the start, want 41: 4 for each of 10 minutes, and a new one", n)
	}
	want := map[string]int{
		"success: ":                     2,
		"complete: ":                    3,
		"failed: " + NoPacketsMatched:   1,
		"failed: " + BucketRefused:      1,
		"failed: " + CaptureInterrupted: 1,
	}
	if got := ended(lists); !maps.Equal(got, want) {
		t.Errorf("ended: %v, want %v", got, want)
	}
	for _, status := range []string{"pending", "running", "conversion_pending", "conversion_running"} {
		if !slices.ContainsFunc(lists, func(l list) bool { return l.Result[0].Status == status }) {
			t.Errorf("no capture is %s", status)
		}
	}
	unchanged := 0
	for i := range lists[1:] {
		unchanged++
		if !slices.EqualFunc(lists[i].Result, lists[i+1].Result, func(a, b view) bool { return a.ID == b.ID && a.Status == b.Status }) {
			unchanged = 0
		}
		if unchanged > 8 {
			t.Fatalf("no change for %d s at %d s", unchanged, i+1)
		}
	}
}

func TestDemoVariety(t *testing.T) {
	_, lists := watch(t, DemoProdID)
	last := lists[len(lists)-1].Result
	for name, has := range map[string]func(view) bool{
		"site":                func(c view) bool { return c.ColoName == "ord02" },
		"metro":               func(c view) bool { return c.ColoName == "ORD" },
		"colo":                func(c view) bool { return c.Colo == "fra08" },
		"s3":                  func(c view) bool { return strings.HasPrefix(c.DestinationConf, "s3://") },
		"gs":                  func(c view) bool { return strings.HasPrefix(c.DestinationConf, "gs://") },
		"secret":              func(c view) bool { return strings.Contains(c.DestinationConf, Secret) },
		"secret in the error": func(c view) bool { return strings.Contains(c.ErrorMessage, Secret) },
		"filter":              func(c view) bool { return c.FilterV1["destination_address"] != nil },
		"stop requested":      func(c view) bool { return c.StopRequested != "" },
	} {
		if !slices.ContainsFunc(last, has) {
			t.Errorf("no capture with %s", name)
		}
	}
}

func TestDemoLab(t *testing.T) {
	start, lists := watch(t, DemoLabID)
	for second, want := range map[int]map[string]int{
		0:   {"success": 10, "complete": 5, "running": 1}, // the hanging capture blocks the next ones
		120: {"success": 12, "complete": 5, "running": 1},
	} {
		got := make(map[string]int)
		for _, c := range lists[second].Result {
			got[c.Status]++
		}
		if !maps.Equal(got, want) {
			t.Errorf("at %d s: %v, want %v", second, got, want)
		}
	}
	overdue := start.Add(90 * time.Second) // 5 minutes after its time limit
	hanging := formatTime(overdue.Add(-6 * time.Minute))
	for second, l := range lists {
		i := slices.IndexFunc(l.Result, func(c view) bool { return c.Status == "running" })
		if i < 0 || l.Result[i].Submitted != hanging || l.Result[i].TimeLimit != 60 {
			t.Errorf("at %d s, running: %d of %+v", second, i, l.Result)
		}
	}
}

func TestDemoResources(t *testing.T) {
	clock := newClock()
	api := Demo("", clock.now)
	for target, want := range map[string][]string{
		"/accounts": {DemoProdID, DemoProdName, DemoLabID, DemoLabName},
		"/accounts/" + DemoProdID + "/pcaps/ownership": {Secret, "s3://", "r2://", "success", "failed"},
		"/user/tokens/verify":                          {"active", clock.now().AddDate(0, 0, 30).Format(time.RFC3339)},
	} {
		body := get(api, target).Body.String()
		for _, text := range want {
			if !strings.Contains(body, text) {
				t.Errorf("no %s in %s", text, body)
			}
		}
	}
	checkResponse(t, api, "/accounts/"+DemoLabID+"/pcaps/ownership", 200, emptyList)
}
