package collector

import (
	"net/http"
	"strconv"
	"time"
)

// scrapeTimeout returns how long a scrape may take: what Prometheus names in
// its header less the offset, which is for sending the answer, and at most
// limit.
func scrapeTimeout(header http.Header, limit, offset time.Duration) time.Duration {
	s, err := strconv.ParseFloat(header.Get("X-Prometheus-Scrape-Timeout-Seconds"), 64)
	if err != nil || !(s > 0 && s < 3600) { // NaN parses, too
		return limit
	}
	named := time.Duration(s * float64(time.Second))
	return min(named-min(offset, named/2), limit)
}
