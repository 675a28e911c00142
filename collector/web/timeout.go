package web

import (
	"net/http"
	"strconv"
	"time"
)

// scrapeTimeout returns how long a scrape may collect metrics: the timeout that Prometheus
// sends less the reserve, which is for the response, but at most the limit.
func scrapeTimeout(header http.Header, limit, reserve time.Duration) time.Duration {
	s, err := strconv.ParseFloat(header.Get("X-Prometheus-Scrape-Timeout-Seconds"), 64)
	if err != nil || !(s > 0 && s < 3600) { // NaN parses, too
		return limit
	}
	timeout := time.Duration(s * float64(time.Second))
	return min(timeout-min(reserve, timeout/2), limit)
}

// timedWriter measures the time that writing takes, which depends on the client.
type timedWriter struct {
	http.ResponseWriter

	writing time.Duration
}

// Write implements http.ResponseWriter.
func (w *timedWriter) Write(p []byte) (int, error) {
	start := time.Now()
	n, err := w.ResponseWriter.Write(p)
	w.writing += time.Since(start)
	return n, err
}
