package cfapi_test

import (
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

func TestTimes(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"2026-03-01T12:00:00Z":           noon,
		"2026-03-01T12:00:00.000001Z":    noon.Add(time.Microsecond),
		"2026-03-01T12:00:00.000000001Z": noon.Add(time.Nanosecond),
		"2026-03-01T14:00:00+02:00":      noon,
		"2026-03-01T06:30:00-05:30":      noon,
		"2026-03-01":                     {},
		"2026-03-01 12:00:00":            {},
		"2026-03-01T12:00:00":            {},
		"2026-13-01T12:00:00Z":           {},
		"1772366400":                     {},
		"0001-01-01T00:00:00Z":           {},
		"1970-01-01T00:00:00Z":           {},
		"yesterday":                      {},
		" 2026-03-01T12:00:00Z":          {},
	} {
		c := one(t, `"submitted":"`+text+`","stop_requested":"`+text+`"`)
		if !c.Submitted.Equal(want) || !c.StopRequested.Equal(want) {
			t.Errorf("%q: %v and %v, want %v", text, c.Submitted, c.StopRequested, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for text, want := range map[string]cfapi.Number{
		"0":                    {Value: 0, Valid: true},
		"300":                  {Value: 300, Valid: true},
		"0.25":                 {Value: 0.25, Valid: true},
		"1E9":                  {Value: 1e9, Valid: true},
		"1e308":                {}, // two would be infinite
		"9223372036854774784":  {Value: 9223372036854774784, Valid: true},
		"18446744073709551616": {},
		"1e-999":               {Value: 0, Valid: true},
		"1e309":                {},
		"-1":                   {},
		"-0.5":                 {},
		"-1e999":               {},
	} {
		n := `:` + text
		want := cfapi.Capture{TimeLimit: want, ByteLimit: want, Packets: want}
		wantCapture(t, `"time_limit"`+n+`,"byte_limit"`+n+`,"packets_captured"`+n, want)
	}
}

func TestStrings(t *testing.T) {
	long := strings.Repeat("é", 200_000)
	for text, want := range map[string]string{
		`Zürich ✈ 東京 𝄞`:            "Zürich ✈ 東京 𝄞",
		`\u00fc\u2708\ud834\udd1e`: "ü✈𝄞",
		`\"\\\/\b\f\n\r\t`:         "\"\\/\b\f\n\r\t",
		`a\u0000b`:                 "a\x00b",
		"a\xffb":                   "a\uFFFDb",
		"a\xff\\tb":                "a\uFFFD\tb",
		`a\ud800b`:                 "a\uFFFDb",
		`a\udc00\ud800b`:           "a\uFFFD\uFFFDb",
		`null`:                     "null",
		` spaces `:                 " spaces ",
		long:                       long,
	} {
		v := `:"` + text + `"`
		want := cfapi.Capture{ID: want, Status: want, Type: want, System: want, Colo: want, ErrorMessage: want}
		wantCapture(t, `"id"`+v+`,"status"`+v+`,"type"`+v+`,"system"`+v+`,"colo_name"`+v+`,"error_message"`+v, want)
	}
}

func TestKeys(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, 4500) + strings.Repeat(`]}`, 4500)
	for members, want := range map[string]cfapi.Capture{
		`"\u0069d":"i","stat\u0075s":"s"`:         {ID: "i", Status: "s"},
		`"ID":"i","Status":"s"`:                   {},
		`"":"i","id ":"i","idd":"i","i":"i"`:      {},
		`"i\ud800d":1,"id":"i"`:                   {ID: "i"},
		"\"i\xffd\":1,\"id\":\"i\"":               {ID: "i"},
		`"new":` + deep + `,"id":"i"`:             {ID: "i"},
		`"id":` + deep + `,"status":"s"`:          {Status: "s"},
		`"filter_v1":` + deep + `,"id":"i"`:       {ID: "i"},
		`"time_limit":` + deep + `,"id":"i"`:      {ID: "i"},
		`"new":{"id":"x","status":"x"},"id":"i"`:  {ID: "i"},
		`"new":[{"id":"x"}],"status":"s"`:         {Status: "s"},
		`"id":"i","id":"j"`:                       {ID: "j"},
		`"status":"s","new":1,"new":2,"type":"t"`: {Status: "s", Type: "t"},
	} {
		wantCapture(t, members, want)
	}
}

// Of what is no capture nothing is known, yet it is listed.
func TestElementsThatAreNoObjects(t *testing.T) {
	api, client := serve(t)
	api.Account(accountID).Answer([]byte(wrap(`null,true,5,"x",[{"id":"x"}],{"id":"i"}`)))
	l := listOnly(t, client)
	if l.info.Listed != 6 || len(l.captures) != 6 {
		t.Fatalf("%d captures, %d listed, want 6", len(l.captures), l.info.Listed)
	}
	for i, c := range l.captures[:5] {
		if c != (cfapi.Capture{}) {
			t.Errorf("element %d: %+v", i, c)
		}
	}
	if l.captures[5].ID != "i" {
		t.Errorf("the object among them: %+v", l.captures[5])
	}
}

// What one capture says must not show in the next that says nothing.
func TestCapturesShareNothing(t *testing.T) {
	api, client := serve(t)
	api.Account(accountID).Answer([]byte(wrap("{" + strings.Join(full(), ",") + `},{"id":"j"}`)))
	l := listOnly(t, client)
	if want := (cfapi.Capture{ID: "j"}); len(l.captures) != 2 || l.captures[1] != want {
		t.Errorf("got %+v, want the second to be %+v", l.captures, want)
	}
}

func TestStatuses(t *testing.T) {
	cfapi.Statuses()[0] = "changed"
	if got := cfapi.Statuses(); len(got) != 8 || got[0] != "unknown" {
		t.Errorf("statuses %q", got)
	}
}
