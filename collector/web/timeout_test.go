package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector"
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
		"-Inf":   limit,
		"1e400":  limit,
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

// slowMetric is a metric that takes time to encode.
type slowMetric struct {
	prometheus.Metric

	takes *time.Duration
}

func (m slowMetric) Desc() *prometheus.Desc {
	time.Sleep(*m.takes)
	return m.Metric.Desc()
}

// slowReader is a response to a client that takes a second to read it.
type slowReader struct{ *httptest.ResponseRecorder }

func (w slowReader) Write(p []byte) (int, error) {
	time.Sleep(time.Second)
	return w.ResponseRecorder.Write(p)
}

// The offset and the time that the last responses took to encode, times 1.5, are kept free at
// the end. The time that the client took to read them does not count.
func TestMetricsAreInTime(t *testing.T) {
	for name, fault := range map[string]simulation.Fault{
		"an account hangs":        {Account: otherID, Hang: true},
		"too many slow responses": {Latency: 4 * time.Second},
		"buckets hang":            {Endpoint: "ownership", Hang: true},
		"a token hangs":           {Endpoint: "verify", Hang: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			e := newBubbleExporter(t, Options{Buckets: true, Tokens: true, Concurrency: 1}, edge, other)
			takes := 2 * time.Second
			slow := slowMetric{prometheus.MustNewConstMetric(prometheus.NewDesc("slow", "", nil, nil), prometheus.GaugeValue, 1), &takes}
			e.self.MustRegister(collector.Func(func(ch chan<- prometheus.Metric) { ch <- slow }))
			e.ServeHTTP(slowReader{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/metrics", http.NoBody))
			takes = 0
			e.get(t, "/metrics")
			takes = 2 * time.Second
			e.api.Inject(fault)
			time.Sleep(time.Hour) // the cached buckets and token expire
			start := time.Now()
			e.get(t, "/metrics", "X-Prometheus-Scrape-Timeout-Seconds", "10")
			if took := time.Since(start); took != 8687500*time.Microsecond { // 10 s - 500 ms - 3 s * 15/16 + 2 s
				t.Errorf("%s: it took %v", name, took)
			}
		})
	}
}
