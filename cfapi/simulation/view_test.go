package simulation

import (
	"encoding/json"
	"testing"
	"time"
)

func TestView(t *testing.T) {
	full := Capture{
		Type: "full", Colo: "ord02", Destination: bucketGS, Pending: 2 * time.Second, TimeLimit: 8 * time.Second,
		ConversionPending: time.Second, End: "failed", ErrorMessage: NoPacketsMatched, Packets: 100,
		ByteLimit: 1000, PacketLimit: 200, StopAfter: 6 * time.Second, FilterV1: map[string]any{"protocol": 6},
	}
	colo := Capture{Type: "full", Colo: "ORD", ColoKey: "colo", TimeLimit: 1500 * time.Millisecond}
	const id = `{"id":"x","submitted":"2026-03-01T12:00:00.123456Z",`
	const head = id + `"filter_v1":{"protocol":6},"time_limit":8,"byte_limit":1000,"packet_limit":200,`
	const tail = `"type":"full","system":"magic-transit","colo_name":"ord02","destination_conf":"gs://pcaps-lab/magic-transit"`
	const stopped = `,"stop_requested":"2026-03-01T12:00:06.123456Z"}`
	tests := []struct {
		name string
		c    Capture
		age  time.Duration
		want string
	}{
		{"simple", Capture{TimeLimit: 2 * time.Minute, PacketLimit: 9, Colo: "unused"}, 0, id +
			`"filter_v1":{},"time_limit":120,"packet_limit":9,"status":"success","packets_remaining":0,"type":"simple","system":"magic-transit"}`},
		{"pending", full, 0, head + `"status":"pending",` + tail + `}`},
		{"running", full, 3 * time.Second, head + `"status":"running","packets_captured":25,` + tail + `}`},
		{"stopped", full, 6 * time.Second, head + `"status":"conversion_pending","packets_captured":100,` + tail + stopped},
		{"failed", full, 7 * time.Second, head + `"status":"failed","packets_captured":100,` + tail +
			`,"error_message":"` + NoPacketsMatched + `"` + stopped},
		{"colo", colo, time.Hour, id + `"filter_v1":{},"time_limit":1.5,` +
			`"status":"complete","packets_captured":0,"type":"full","system":"magic-transit","colo":"ORD"}`},
	}
	for _, tt := range tests {
		at := newClock().now()
		s := &submitted{Capture: tt.c, id: "x", at: at}
		got, err := json.Marshal(s.view(at.Add(tt.age)))
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %v\n got %s\nwant %s", tt.name, err, got, tt.want)
		}
	}
}
