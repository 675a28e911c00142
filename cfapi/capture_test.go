package cfapi_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// wantCapture lists a capture with the given members.
func wantCapture(t *testing.T, members string, want cfapi.Capture) {
	t.Helper()
	l := mustList(t, scriptedClient(wrap("{"+members+"}")))
	if len(l.Captures) != 1 || *l.Captures[0] != want {
		t.Errorf("{%.100s}\n got %+v\nwant %+v", members, l.Captures, want)
	}
}

// fullMembers returns the members of fullCapture.
func fullMembers() []string {
	return []string{
		`"id":"i"`, `"status":"complete"`, `"type":"full"`, `"system":"magic-transit"`, `"colo_name":"ord02"`,
		`"submitted":"2026-03-01T12:00:00.123456Z"`, `"stop_requested":"2026-03-01T12:01:00Z"`,
		`"time_limit":300`, `"byte_limit":1e9`, `"packet_limit":10000`, `"packets_captured":7`,
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
		PacketLimit:   cfapi.Number{Value: 10_000, Valid: true},
		Packets:       cfapi.Number{Value: 7, Valid: true},
		Bucket:        "gs://b/d", ErrorMessage: "e",
	}
}

// A field that is absent or has an unexpected value does not affect the others.
func TestLenientFields(t *testing.T) {
	unexpected := []string{`:""`, `:null`, `:true`, `:false`, `:{}`, `:{"id":"x"}`, `:[]`, `:["x",1]`}
	for i, member := range fullMembers() {
		want := fullCapture()
		fields := []any{
			&want.ID, &want.Status, &want.Type, &want.System, &want.Colo, &want.Submitted, &want.StopRequested,
			&want.TimeLimit, &want.ByteLimit, &want.PacketLimit, &want.Packets, &want.Bucket, &want.ErrorMessage,
		}
		reflect.ValueOf(fields[i]).Elem().SetZero()
		name, value, _ := strings.Cut(member, ":")
		otherType := `:5`
		if value[0] != '"' {
			otherType = `:"5"`
		}
		for _, value := range append(unexpected, otherType, `_:"absent"`) {
			members := fullMembers()
			members[i] = strings.TrimSuffix(name, `"`) + strings.Replace(value, ":", `":`, 1)
			want.SubmittedUnreadable = strings.Contains(name, "submitted") && isUnreadable(value)
			want.StopRequestedUnreadable = strings.Contains(name, "stop_requested") && isUnreadable(value)
			wantCapture(t, strings.Join(members, ","), want)
		}
	}
}

func isUnreadable(value string) bool {
	return value != `:""` && value != ":null" && !strings.Contains(value, "absent")
}

func TestColo(t *testing.T) {
	for members, want := range map[string]string{
		`"colo_name":"a"`:              "a",
		`"colo":"b"`:                   "b",
		`"colo":"b","colo_name":"a"`:   "a",
		`"colo_name":"","colo":"b"`:    "b",
		`"colo":"b","colo_name":null`:  "b",
		`"colo":"","colo_name":"a"`:    "a",
		`"colo":["b"],"colo_name":"a"`: "a",
		`"colo_name":7,"colo":"b"`:     "b",
	} {
		wantCapture(t, members, cfapi.Capture{Colo: want})
	}
}

func TestBucketOfCapture(t *testing.T) {
	for uri, want := range map[string]string{ //nolint:gosec // none of these is a credential
		"s3://b/d?region=us-east-1": "s3://b/d",
		"gs://b/d":                  "gs://b/d",
		"gs://b":                    "gs://b",
		"r2://b?account-id=SECRET&secret-access-key=SECRET": "r2://b",
		"r2://b/d/e?access-key-id=SECRET?x#y":               "r2://b/d/e",
		"s3://b/d#SECRET":                                   "s3://b/d",
		"s3://b/d\\u003fkey=SECRET":                         "s3://b/d",
		"s3://b/d\\u0023SECRET":                             "s3://b/d",
		"s3://b/\\u00e9":                                    "s3://b/é",
		"s3://key:SECRET@b/d":                               "",
		"s3://SECRET@b/d?x=y":                               "",
		"s3://key:SEC/RET@b/d":                              "",
		"s3://key:SECRET?x@b/d":                             "",
		"s3://key:SECRET#x@b/d":                             "",
		"s3://key:SECRET\\u0040b/d":                         "",
		"key:SECRET@s3://b/d":                               "",
		"b/SECRET":                                          "",
		"SECRET":                                            "",
		"s3:SECRET":                                         "",
		"?s3://SECRET":                                      "",
		"":                                                  "",
	} {
		wantCapture(t, `"destination_conf":"`+uri+`"`, cfapi.Capture{Bucket: want})
	}
}

// No field contains what must never be exported.
func TestSecretsAreDropped(t *testing.T) {
	wantCapture(t, `"id":"a","type":"full","status":"failed","colo_name":"c","error_message":"m",`+
		`"destination_conf":"r2://b/d?access-key-id=SECRET1&secret-access-key=SECRET2",`+
		`"filter_v1":{"source_address":"192.0.2.1","destination_address":"2001:db8::1","source_port":4711,`+
		`"id":"SECRET3","status":"SECRET4","destination_conf":"s3://SECRET5","protocol":17},`+
		`"filter_v2":["SECRET6"],"offset_time":"2026-03-01T12:00:00Z"`,
		cfapi.Capture{ID: "a", Type: "full", Status: "failed", Colo: "c", ErrorMessage: "m", Bucket: "r2://b/d"})
}
