package simulation

import (
	"fmt"
	"maps"
	"net/http"
	"time"
)

// Cloudflare's documented limit per user or account token.
const (
	quota       = 1200
	quotaWindow = 5 * time.Minute
)

// window counts the requests with one credential. It starts with the first request after
// the end of the previous window.
type window struct {
	ends time.Time
	used int
}

// count counts one request with the credential and returns its window.
func (a *API) count(now time.Time, credential string) window {
	maps.DeleteFunc(a.windows, func(_ string, w window) bool { return !now.Before(w.ends) })
	w, ok := a.windows[credential]
	if !ok {
		w.ends = now.Add(quotaWindow)
	}
	w.used++
	if a.windows == nil {
		a.windows = make(map[string]window)
	}
	a.windows[credential] = w
	return w
}

// seconds returns the time to the end of the window. It is rounded up, so that a client
// that waits for this time is not refused again.
func (w window) seconds(now time.Time) int {
	return int((w.ends.Sub(now) + time.Second - 1) / time.Second)
}

func (w window) describe(now time.Time, header http.Header) {
	header.Set("Ratelimit", fmt.Sprintf(`"default";r=%d;t=%d`, max(0, quota-w.used), w.seconds(now)))
	header.Set("Ratelimit-Policy", fmt.Sprintf(`"default";q=%d;w=%.0f`, quota, quotaWindow.Seconds()))
}
