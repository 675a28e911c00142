package ratelimit

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dunglas/httpsfv"
)

const (
	defaultHoldOff = time.Minute      // after a 429 without a time
	maxHoldOff     = 10 * time.Minute // whatever the API specifies
	maxList        = 4 << 10          // bytes of a list: parsing one takes many times its memory
	maxRetryAfter  = 64               // bytes
)

// listItem is one member of a Ratelimit or Ratelimit-Policy header.
type listItem struct {
	name   string
	params map[string]int64
}

// parseList parses `"default";r=50;t=30, …`. It skips members of another form,
// because a malformed header is no reason to fail a request. It ignores a header over 4 KiB.
func parseList(header []string) (items []listItem) {
	if len(strings.Join(header, "")) > maxList {
		return nil
	}
	list, err := httpsfv.UnmarshalList(header)
	if err != nil {
		return nil
	}
	for _, member := range list {
		item, ok := member.(httpsfv.Item)
		if !ok {
			continue
		}
		name, ok := item.Value.(string)
		if !ok {
			continue
		}
		params := make(map[string]int64)
		for _, key := range item.Params.Names() {
			value, _ := item.Params.Get(key)
			if n, ok := value.(int64); ok {
				params[key] = n
			}
		}
		items = append(items, listItem{name, params})
	}
	return items
}

// resetAfter returns the time until the window ends.
func resetAfter(params map[string]int64) time.Duration {
	seconds, ok := params["t"]
	if !ok {
		return defaultHoldOff
	}
	return boundedSeconds(seconds)
}

// RetryAfter parses the Retry-After header, which holds seconds or a date. The
// result is between a second and 10 minutes, or 0 if the header is absent,
// malformed or over 64 bytes.
func RetryAfter(now time.Time, header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if len(value) > maxRetryAfter {
		return 0
	}
	// For a number out of range, ParseInt returns the nearest one.
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return boundedSeconds(seconds)
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(date.Sub(now), time.Second), maxHoldOff)
	}
	return 0
}

// boundedSeconds returns at least a second, so that "0" does not mean "do not wait".
func boundedSeconds(n int64) time.Duration {
	return time.Duration(min(max(n, 1), int64(maxHoldOff/time.Second))) * time.Second
}
