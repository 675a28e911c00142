package collector_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"
)

// list is an answer with n captures, each with every field that the reference's
// example of a full capture has.
func list(n int) []byte {
	var b bytes.Buffer
	b.Grow(640 * n)
	b.WriteString(`{"errors":[],"messages":[],"result":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"byte_limit":500000,"colo_name":%q,"destination_conf":"s3://pcaps-bucket/prod?region=us-east-1",`+
			`"error_message":"","filter_v1":{"destination_address":"1.2.3.4","destination_port":80,"protocol":6,`+
			`"source_address":"1.2.3.4","source_port":123},"id":"%032x","packets_captured":%d,"status":%q,`+
			`"stop_requested":"2020-01-01T08:00:00Z","submitted":"2020-01-01T08:00:00.000000Z",`+
			`"system":"magic-transit","time_limit":300,"type":"full"}`,
			[]string{"ord02", "ams01", "FRA"}[i%3], i, i, []string{"complete", "failed", "running"}[i%3])
	}
	b.WriteString(`],"success":true}`)
	return b.Bytes()
}

// BenchmarkScrape compares a scrape with fetching the same list from the API
// and throwing it away; both go over loopback, in turns. x-bare is their ratio.
func BenchmarkScrape(b *testing.B) {
	for _, c := range []struct {
		path     string
		captures int
	}{
		{"/probe?target=" + accountID, 50},
		{"/metrics", 50},
		{"/probe?target=" + accountID, 100_000},
	} {
		b.Run(fmt.Sprintf("%.6s/captures=%d", c.path, c.captures), func(b *testing.B) {
			answer := list(c.captures)
			e := newExporter(b, setup{upstream: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write(answer)
			})})
			var bare, scrape time.Duration
			for b.Loop() {
				start := time.Now()
				e.discard(b, e.upstream+"/accounts/"+accountID+"/pcaps")
				middle := time.Now()
				e.discard(b, e.server.URL+c.path)
				bare, scrape = bare+middle.Sub(start), scrape+time.Since(middle)
			}
			b.ReportMetric(float64(scrape)/float64(bare), "x-bare")
			b.ReportMetric(float64(scrape.Microseconds())/float64(b.N), "µs/scrape")
			b.ReportMetric(float64(bare.Microseconds())/float64(b.N), "µs/bare")
			b.ReportMetric(0, "ns/op")
		})
	}
}

func (e *exporter) discard(b *testing.B, url string) {
	b.Helper()
	req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		b.Fatal(err)
	}
	req.Header.Set("Accept-Encoding", "identity") // on both sides: the list comes as it is, too
	resp, err := e.server.Client().Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		b.Fatal(resp.Status, err)
	}
}
