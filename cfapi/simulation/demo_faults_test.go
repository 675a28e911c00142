package simulation

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestDemoFaults checks what the alerts look for.
func TestDemoFaults(t *testing.T) {
	clock := newClock()
	api := DemoFaults(clock.now)
	paths := make(map[string]string)
	for id, name := range api.Names() {
		paths[name] = "/accounts/" + id + "/pcaps"
	}
	for path, want := range map[string]int{
		paths["edge-down"]: 503, paths["edge-denied"]: 403, "/accounts": 403,
		paths[DemoProdName]: 200, paths[DemoLabName]: 200, paths[DemoShared]: 200,
	} {
		if w := get(api, path); w.Code != want {
			t.Errorf("%s: status %d, want %d", path, w.Code, want)
		}
	}
	if got := get(api, paths[DemoShared]).Header()["Ratelimit"][0]; got != `"default";r=60;t=300` {
		t.Errorf("%s: %s", DemoShared, got)
	}
	for target, want := range map[string]string{
		strings.Replace(paths["edge-stuck"], "/pcaps", "/pcaps/ownership", 1): `"pending"`,
		"/user/tokens/verify": clock.now().AddDate(0, 0, 3).Format(time.RFC3339),
	} {
		if body := get(api, target).Body.String(); !strings.Contains(body, want) {
			t.Errorf("no %s in %s", want, body)
		}
	}
	if w := send(api, http.MethodGet, paths["edge-busy"], "Bearer any"); w.Code != http.StatusOK {
		t.Errorf("another token: %d", w.Code)
	}
}

func TestDemoFaultsCaptures(t *testing.T) {
	clock := newClock()
	api := DemoFaults(clock.now)
	for id, name := range api.Names() {
		path := "/accounts/" + id + "/pcaps"
		switch name {
		case "edge-busy":
			first := captures(t, api, path).Result[0].ID
			clock.advance(time.Minute)
			for _, c := range captures(t, api, path).Result {
				if c.ID == first {
					t.Errorf("%s: a capture stays for a minute", name)
				}
			}
		case "edge-odd":
			ends := make(map[string]int)
			for _, c := range captures(t, api, path).Result {
				ends[c.Status+" "+c.ErrorMessage]++
			}
			failed := ends["failed "] + ends["failed "+BucketRefused]
			if ends["failed "] == 0 || ends["archived "] == 0 || failed <= ends["complete "] {
				t.Errorf("%s: %v", name, ends)
			}
		case "edge-stuck":
			clock.advance(time.Hour)
			all := captures(t, api, path).Result
			if len(all) != 1 || all[0].Status != "running" || all[0].StopRequested == "" {
				t.Errorf("%s: %+v", name, all)
			}
		}
	}
}
