package cfapitest

import (
	"encoding/json"
	"testing"
	"time"
)

func TestStatus(t *testing.T) {
	full := Capture{
		Type: "full", Pending: 2 * time.Second, TimeLimit: 8 * time.Second,
		ConversionPending: 2 * time.Second, ConversionRunning: 3 * time.Second,
	}
	failing, stopped, hanging, early := full, full, full, full
	failing.End = "failed"
	stopped.StopAfter = 5 * time.Second
	hanging.Hangs, hanging.StopAfter = true, 5*time.Second
	early.StopAfter = time.Second
	tests := []struct {
		name string
		c    Capture
		want []string // at 0 s, 1 s, 2 s, …
	}{
		{"simple", Capture{TimeLimit: time.Minute}, []string{"success"}},
		{"simple, pending", Capture{Pending: time.Second}, []string{"pending", "success"}},
		{"simple, failing", Capture{Type: "simple", End: "failed"}, []string{"failed"}},
		{"full", full, spell(8, 2, 3, "complete")},
		{"failing", failing, spell(8, 2, 3, "failed")},
		{"stopped", stopped, spell(3, 2, 3, "complete")},
		{"stopped while pending", early, spell(0, 2, 3, "complete")},
		{"hanging", hanging, spell(1000, 0, 0, "running")},
		{"full, no time", Capture{Type: "full"}, []string{"complete"}},
	}
	for _, tt := range tests {
		for age, want := range tt.want {
			if got := tt.c.status(time.Duration(age) * time.Second); got != want {
				t.Errorf("%s: %s at %d s, want %s", tt.name, got, age, want)
			}
		}
	}
}

// spell writes out a status a second.
func spell(running, conversionPending, conversionRunning int, end string) []string {
	var all []string
	add := func(n int, status string) {
		for range n {
			all = append(all, status)
		}
	}
	add(2, "pending")
	add(running, "running")
	add(conversionPending, "conversion_pending")
	add(conversionRunning, "conversion_running")
	add(2, end)
	return all
}

func TestView(t *testing.T) {
	at := newClock().now()
	full := Capture{
		Type: "full", Colo: "ord02", Destination: bucketGS, Pending: 2 * time.Second, TimeLimit: 8 * time.Second,
		ConversionPending: time.Second, End: "failed", ErrorMessage: NoPacketsMatched, Packets: 100,
		ByteLimit: 1000, PacketLimit: 200, StopAfter: 6 * time.Second, FilterV1: map[string]any{"protocol": 6},
	}
	colo := Capture{Type: "full", Colo: "ORD", ColoKey: "colo", TimeLimit: 1500 * time.Millisecond}
	const simple = `{"id":"x","submitted":"2026-03-01T12:00:00.123456Z","filter_v1":{},"time_limit":120,` +
		`"packet_limit":9,"status":"success","packets_remaining":0,"type":"simple","system":"magic-transit"}`
	const head = `{"id":"x","submitted":"2026-03-01T12:00:00.123456Z","filter_v1":{"protocol":6},"time_limit":8,` +
		`"byte_limit":1000,"packet_limit":200,`
	const tail = `"type":"full","system":"magic-transit","colo_name":"ord02",` +
		`"destination_conf":"gs://pcaps-lab/magic-transit"`
	const stopped = `,"stop_requested":"2026-03-01T12:00:06.123456Z"}`
	tests := []struct {
		name string
		c    Capture
		age  time.Duration
		want string
	}{
		{"simple", Capture{TimeLimit: 2 * time.Minute, PacketLimit: 9, Colo: "unseen"}, 0, simple},
		{"pending", full, 0, head + `"status":"pending",` + tail + `}`},
		{"running", full, 3 * time.Second, head + `"status":"running","packets_captured":25,` + tail + `}`},
		{"stopped", full, 6 * time.Second, head + `"status":"conversion_pending","packets_captured":100,` + tail + stopped},
		{"failed", full, 7 * time.Second, head + `"status":"failed","packets_captured":100,` + tail +
			`,"error_message":"` + NoPacketsMatched + `"` + stopped},
		{"colo", colo, time.Hour, `{"id":"x","submitted":"2026-03-01T12:00:00.123456Z","filter_v1":{},"time_limit":1.5,` +
			`"status":"complete","packets_captured":0,"type":"full","system":"magic-transit","colo":"ORD"}`},
	}
	for _, tt := range tests {
		s := &submitted{Capture: tt.c, id: "x", at: at}
		got, err := json.Marshal(s.view(at.Add(tt.age)))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %v\n got %s\nwant %s", tt.name, err, got, tt.want)
		}
	}
}
