package cfapi

import (
	"strconv"
	"strings"
	"time"
)

// timestamp is an optional time.
type timestamp struct {
	time.Time
	unreadable bool // there is a value in no known form
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *timestamp) UnmarshalJSON(value []byte) error {
	*t = timestamp{}
	text := strings.Trim(string(value), `"`)
	if text == "" || text == "null" {
		return nil
	}
	read, ok := parseTime(text)
	if !ok || read.Unix() > 0 { // else it is a zero time of any language
		*t = timestamp{read, !ok}
	}
	return nil
}

// parseTime parses RFC 3339, and other forms that are unambiguous because they have a zone, or
// are seconds or fractions of a second since the Unix epoch.
func parseTime(text string) (time.Time, bool) {
	const maxTime = 64 // bytes
	if len(text) > maxTime {
		return time.Time{}, false
	}
	for _, layout := range []string{
		time.RFC3339, "2006-01-02 15:04:05 -0700 MST", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700",
		"2006-01-02T15:04:05-0700", time.RFC1123Z, "Mon, 02 Jan 2006 15:04:05 GMT",
	} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, true
		}
	}
	seconds, err := strconv.ParseFloat(text, 64)
	for range 3 { // milliseconds, microseconds and nanoseconds
		if seconds >= 1e11 {
			seconds /= 1000
		}
	}
	if err == nil && (seconds == 0 || seconds >= 1e9 && seconds < 1e10) { // from 2001 to 2286
		return time.UnixMicro(int64(seconds * 1e6)), true
	}
	return time.Time{}, false
}
