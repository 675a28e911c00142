package web

import (
	"net/http"
	"testing"
	"time"
)

func TestScrapeTimeout(t *testing.T) {
	const limit, offset = 10 * time.Second, 500 * time.Millisecond
	for header, want := range map[string]time.Duration{
		"":       limit,
		"5":      4500 * time.Millisecond,
		"2.5":    2 * time.Second,
		"10":     9500 * time.Millisecond,
		"60":     limit,
		"0.8":    400 * time.Millisecond, // the offset is at most half the timeout
		"0":      limit,
		"-1":     limit,
		"3600":   limit,
		"NaN":    limit,
		"+Inf":   limit,
		"1e-300": 0,
		"five":   limit,
	} {
		got := scrapeTimeout(http.Header{"X-Prometheus-Scrape-Timeout-Seconds": {header}}, limit, offset)
		if got != want {
			t.Errorf("%q: got %v, want %v", header, got, want)
		}
	}
}

func FuzzScrapeTimeout(f *testing.F) {
	for _, header := range []string{"10", "0.5", "NaN", "-Inf", "0x1p-2", "1e400", " 1"} {
		f.Add(header, int64(10*time.Second), int64(500*time.Millisecond))
	}
	f.Fuzz(func(t *testing.T, header string, limit, offset int64) {
		limit, offset = max(limit, 1), max(offset, 0)
		got := scrapeTimeout(http.Header{"X-Prometheus-Scrape-Timeout-Seconds": {header}}, time.Duration(limit), time.Duration(offset))
		if got < 0 || got > time.Duration(limit) {
			t.Errorf("%q: %v of %v", header, got, time.Duration(limit))
		}
	})
}
