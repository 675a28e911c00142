package web

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

// secret is in every token, key and error of the API. No output may contain it, or address,
// which is in every filter.
const (
	secret  = "SECRET"
	address = "198.51.100.77"
)

// modelCapture is a capture at the API, and what the exporter should remember of it.
type modelCapture struct {
	id, system, typ, colo, status, message string
	submitted                              time.Time

	known, finished bool
}

var (
	unfinishedStatuses = []string{"pending", "running", "conversion_pending", "conversion_running"}
	finalStatuses      = []string{"success", "complete", "failed"}
	messages           = map[string]string{ // by reason
		"none":               "",
		"no_packets_matched": simulation.NoPacketsMatched,
		"bucket":             "upload to s3://pcaps/dir?key=" + secret + " failed",
		"other":              simulation.CaptureInterrupted,
	}
)

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

func chance(r *rand.Rand, percent int) bool { return r.IntN(100) < percent }

// newModelCapture returns a capture that was submitted lately, by a clock that may be wrong.
func newModelCapture(r *rand.Rand, id string, now time.Time) *modelCapture {
	c := &modelCapture{id: id, system: "magic-transit", typ: pick(r, "simple", "full", "full"), status: "pending"}
	c.submitted = now.Add(-time.Duration(r.IntN(60_000)) * time.Millisecond).Truncate(time.Millisecond)
	switch r.IntN(10) {
	case 0:
		c.submitted = c.submitted.Add(time.Duration(r.IntN(48)-24) * time.Hour)
	case 1:
		c.submitted = time.Time{}
	case 2:
		c.system, c.typ = pick(r, "", "magic-wan"), pick(r, "", "burst", "full")
	}
	if c.typ == "full" {
		c.colo = pick(r, "ord02", "ams01", `"q\`, "Łódź")
	}
	c.advance(r)
	return c
}

// advance moves the capture on, usually to the next status.
func (c *modelCapture) advance(r *rand.Rand) {
	i := slices.Index(unfinishedStatuses, c.status)
	switch {
	case chance(r, 4):
		c.status = pick(r, "unknown", "", "paused", "success", "running")
	case slices.Contains(finalStatuses, c.status) || chance(r, 50):
		return
	case i >= 0 && i+1 < len(unfinishedStatuses) && c.typ == "full":
		c.status = unfinishedStatuses[i+1]
	default:
		c.status = pick(r, finalStatuses...)
	}
	if c.status == "failed" {
		c.message = messages[pick(r, slices.Sorted(maps.Keys(messages))...)]
	}
}

// MarshalJSON implements json.Marshaler. What is absent is left out, or has another type.
func (c *modelCapture) MarshalJSON() ([]byte, error) {
	fields := map[string]any{
		"id": c.id, "system": c.system, "type": c.typ, "colo_name": c.colo, "status": c.status, "error_message": c.message,
		"filter_v1": map[string]any{"source_address": address}, "destination_conf": "s3://pcaps/" + c.id + "?key=" + secret,
		"submitted": "0001-01-01T00:00:00Z", "packets_captured": "7", "time_limit": nil, "byte_limit": []int{1},
	}
	if !c.submitted.IsZero() {
		fields["submitted"] = c.submitted
	}
	return json.Marshal(fields)
}
