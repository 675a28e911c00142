package cfapi_test

import (
	"strings"
	"testing"
	"time"
)

// A time is read if its form is unambiguous. Another one counts as unreadable, not as absent.
func TestTimes(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	absent, unreadable := time.Time{}, time.Unix(-1, 0)
	for text, want := range map[string]time.Time{
		`"2026-03-01T12:00:00Z"`:                 noon,
		`"2026-03-01T12:00:00.000001Z"`:          noon.Add(time.Microsecond),
		`"2026-03-01T12:00:00.000000001Z"`:       noon.Add(time.Nanosecond),
		`"2026-03-01T14:00:00+02:00"`:            noon,
		`"2026-03-01T06:30:00-0530"`:             noon,
		`"2026-03-01 12:00:00 +0000 UTC"`:        noon,
		`"2026-03-01 14:00:00.000001 +0200 CET"`: noon.Add(time.Microsecond),
		`"2026-03-01 12:00:00Z"`:                 noon,
		`"2026-03-01 14:00:00+02:00"`:            noon,
		`"2026-03-01 14:00:00 +0200"`:            noon,
		`"Sun, 01 Mar 2026 12:00:00 GMT"`:        noon,
		`"Sun, 01 Mar 2026 14:00:00 +0200"`:      noon,
		`"1772366400"`:                           noon,
		`1772366400`:                             noon,
		`1772366400.5`:                           noon.Add(500 * time.Millisecond),
		`1772366400000`:                          noon,
		`1772366400000000`:                       noon,
		`1.7723664e18`:                           noon,

		`""`: absent, `null`: absent, `0`: absent, `"0"`: absent,
		`"0001-01-01T00:00:00Z"`: absent, `"1970-01-01T00:00:00Z"`: absent,

		`"2026-03-01"`: unreadable, `"2026-03-01 12:00:00"`: unreadable, `"2026-03-01T12:00:00"`: unreadable,
		`"2026-13-01T12:00:00Z"`: unreadable, `"Sun, 01 Mar 2026 12:00:00 CET"`: unreadable,
		`"yesterday"`: unreadable, `" 2026-03-01T12:00:00Z"`: unreadable, `"Inf"`: unreadable, `"NaN"`: unreadable,
		`-1`: unreadable, `5`: unreadable, `20260301`: unreadable, `1e300`: unreadable, `true`: unreadable,
		`{}`: unreadable, `["2026-03-01T12:00:00Z"]`: unreadable, `"` + strings.Repeat("7", 2000) + `"`: unreadable,
	} {
		c := mustList(t, scriptedClient(wrap(`{"submitted":`+text+`,"stop_requested":`+text+`}`))).Captures[0]
		isUnreadable := want.Equal(unreadable)
		if isUnreadable {
			want = absent
		}
		if !c.Submitted.Equal(want) || !c.StopRequested.Equal(want) || c.SubmittedUnreadable != isUnreadable || c.StopRequestedUnreadable != isUnreadable {
			t.Errorf("%.50s: %v and %v, unreadable %v and %v; want %v", text, c.Submitted, c.StopRequested, c.SubmittedUnreadable, c.StopRequestedUnreadable, want)
		}
	}
}
