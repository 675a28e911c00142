package web

import (
	"net/http"
	"strconv"
	"time"
)

// scrapeTimeout returns the maximum duration of a scrape: the timeout that Prometheus
// sends less the offset, which is for the response, but at most the limit.
func scrapeTimeout(header http.Header, limit, offset time.Duration) time.Duration {
	s, err := strconv.ParseFloat(header.Get("X-Prometheus-Scrape-Timeout-Seconds"), 64)
	if err != nil || !(s > 0 && s < 3600) { // NaN parses, too
		return limit
	}
	timeout := time.Duration(s * float64(time.Second))
	return min(timeout-min(offset, timeout/2), limit)
}
