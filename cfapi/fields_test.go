package cfapi_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// wrap puts the elements of a list into an envelope.
func wrap(elements string) string {
	return `{"result":[` + elements + `],"success":true,"errors":[],"messages":[]}`
}

// one lists a single capture with these members.
func one(t *testing.T, members string) cfapi.Capture {
	t.Helper()
	api, client := serve(t)
	api.Account(accountID).Answer([]byte(wrap("{" + members + "}")))
	l := listOnly(t, client)
	if len(l.captures) != 1 {
		t.Fatalf("%d captures of {%.100s}, want 1", len(l.captures), members)
	}
	return l.captures[0]
}

func wantCapture(t *testing.T, members string, want cfapi.Capture) {
	t.Helper()
	if got := one(t, members); got != want {
		t.Errorf("{%.100s}\n got %+v\nwant %+v", members, got, want)
	}
}

// full are the members of a capture with every field that is read.
func full() []string {
	return []string{
		`"id":"i"`, `"status":"complete"`, `"type":"full"`, `"system":"magic-transit"`, `"colo_name":"ord02"`,
		`"submitted":"2026-03-01T12:00:00.123456Z"`, `"stop_requested":"2026-03-01T12:01:00Z"`,
		`"time_limit":300`, `"byte_limit":1e9`, `"packets_captured":7`,
		`"destination_conf":"gs://b/d"`, `"error_message":"e"`,
	}
}

func fullCapture() cfapi.Capture {
	return cfapi.Capture{
		ID: "i", Status: "complete", Type: "full", System: "magic-transit", Colo: "ord02",
		Submitted:     time.Date(2026, 3, 1, 12, 0, 0, 123_456_000, time.UTC),
		StopRequested: time.Date(2026, 3, 1, 12, 1, 0, 0, time.UTC),
		TimeLimit:     cfapi.Number{Value: 300, Valid: true},
		ByteLimit:     cfapi.Number{Value: 1e9, Valid: true},
		Packets:       cfapi.Number{Value: 7, Valid: true},
		Bucket:        "gs://b/d", ErrorMessage: "e",
	}
}

func TestEveryField(t *testing.T) {
	wantCapture(t, strings.Join(full(), ","), fullCapture())
	wantCapture(t, "", cfapi.Capture{})
}

// without forgets the field at that place of full.
func without(i int, c cfapi.Capture) cfapi.Capture {
	fields := []any{
		&c.ID, &c.Status, &c.Type, &c.System, &c.Colo, &c.Submitted, &c.StopRequested,
		&c.TimeLimit, &c.ByteLimit, &c.Packets, &c.Bucket, &c.ErrorMessage,
	}
	reflect.ValueOf(fields[i]).Elem().SetZero()
	return c
}

// Each field in turn is what the API did not promise: the others must be read
// all the same.
func TestLenientFields(t *testing.T) {
	odd := []string{`:""`, `:null`, `:true`, `:false`, `:{}`, `:{"id":"x"}`, `:[]`, `:["x",1]`}
	api, client := serve(t)
	for i, member := range full() {
		name, value, _ := strings.Cut(member, ":")
		wrong := `:5`
		if value[0] != '"' {
			wrong = `:"5"`
		}
		for _, value := range append(odd, wrong, `_:"absent"`) {
			members := full()
			members[i] = strings.TrimSuffix(name, `"`) + strings.Replace(value, ":", `":`, 1)
			want := without(i, fullCapture())
			api.Account(accountID).Answer([]byte(wrap("{" + strings.Join(members, ",") + "}")))
			if got := listOnly(t, client).captures; len(got) != 1 || got[0] != want {
				t.Errorf("%s\n got %+v\nwant %+v", members[i], got, want)
			}
		}
	}
}

func TestColo(t *testing.T) {
	for members, want := range map[string]string{
		`"colo_name":"a"`:              "a",
		`"colo":"b"`:                   "b",
		`"colo_name":"a","colo":"b"`:   "a",
		`"colo":"b","colo_name":"a"`:   "a",
		`"colo_name":"","colo":"b"`:    "b",
		`"colo":"b","colo_name":""`:    "b",
		`"colo_name":null,"colo":"b"`:  "b",
		`"colo":"b","colo_name":null`:  "b",
		`"colo_name":"a","colo":""`:    "a",
		`"colo":"","colo_name":"a"`:    "a",
		`"colo_name":"","colo":""`:     "",
		`"colo":["b"],"colo_name":"a"`: "a",
		`"colo_name":7,"colo":"b"`:     "b",
	} {
		wantCapture(t, members, cfapi.Capture{Colo: want})
	}
}
