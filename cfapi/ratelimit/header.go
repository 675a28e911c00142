package ratelimit

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	defaultHoldOff = time.Minute      // after a 429 without a time
	maxHoldOff     = 10 * time.Minute // whatever the API specifies
	maxList        = 4 << 10          // bytes of a list
)

// parseList parses the values of a Ratelimit or Ratelimit-Policy header: `"default";r=50;t=30, …`.
// It returns the integer parameters of each member by its name. It skips malformed members, because
// a malformed header is no reason to fail a request.
func parseList(values []string) map[string]map[string]int64 {
	list := strings.Join(values, ",")
	if len(list) > maxList {
		return nil
	}
	members := make(map[string]map[string]int64)
	for member := range strings.SplitSeq(list, ",") {
		quoted, rest, _ := strings.Cut(strings.TrimSpace(member), ";")
		name := strings.Trim(quoted, `"`)
		if quoted != `"`+name+`"` || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' }) {
			continue
		}
		params := make(map[string]int64)
		for param := range strings.SplitSeq(rest, ";") {
			key, value, _ := strings.Cut(strings.TrimSpace(param), "=")
			if n, err := strconv.ParseInt(value, 10, 64); err == nil && n >= 0 {
				params[key] = n
			}
		}
		members[name] = params
	}
	return members
}

// RetryAfter parses the Retry-After header, which holds seconds or a date. The result is between a
// second and 10 minutes, or 0 if the header is absent or malformed.
func RetryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if date, err := http.ParseTime(value); err == nil {
		return boundedSeconds(int64(time.Until(date).Seconds()))
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if errors.Is(err, strconv.ErrSyntax) {
		return 0
	}
	return boundedSeconds(seconds) // the nearest number, if it is out of range
}

// boundedSeconds returns at least a second, so that "0" does not mean "do not wait".
func boundedSeconds(n int64) time.Duration {
	return time.Duration(min(max(n, 1), int64(maxHoldOff/time.Second))) * time.Second
}
