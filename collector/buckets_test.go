package collector

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/config"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// Buckets with the same name in two R2 accounts are shown alike, and so is one
// that was claimed twice.
func TestBucketsShownAlike(t *testing.T) {
	const query = "r2://b/d?account-id="
	older := cfapitest.Bucket{Destination: query + "1", Status: "success", Submitted: noon, Validated: noon}
	newer := cfapitest.Bucket{Destination: query + "2", Status: "failed", Submitted: noon.Add(time.Second)}
	never := cfapitest.Bucket{Destination: query + "3"}
	success := []string{
		`bucket_ownership{bucket="r2://b/d",status="failed"} 0`, `bucket_ownership{bucket="r2://b/d",status="pending"} 0`,
		`bucket_ownership{bucket="r2://b/d",status="success"} 1`, `bucket_validated_timestamp_seconds{bucket="r2://b/d"} 1.7953488e+09`,
	}
	failed := []string{
		`bucket_ownership{bucket="r2://b/d",status="failed"} 1`, `bucket_ownership{bucket="r2://b/d",status="pending"} 0`,
		`bucket_ownership{bucket="r2://b/d",status="success"} 0`,
	}
	also := newer
	also.Status, also.Submitted = "pending", older.Submitted
	for _, test := range []struct {
		buckets []cfapitest.Bucket
		want    []string
	}{
		{[]cfapitest.Bucket{older, newer, never}, failed},
		{[]cfapitest.Bucket{newer, older}, failed},
		{[]cfapitest.Bucket{never, older}, success},
		{[]cfapitest.Bucket{older, also}, success},
	} {
		a := newAround(t, log.NewNopLogger())
		a.api.Account(testID).SetBuckets(test.buckets...)
		wantSeries(t, expose(t, a.bucketsFor(t.Context())), test.want...)
	}
}

func TestBucketStatuses(t *testing.T) {
	long := strings.Repeat("x", 130)
	for status, want := range map[string]string{
		`"pending"`:             "pending",
		`"expired"`:             "expired",
		`"` + long + `"`:        long[:128],
		"\"a\xffb\"":            "a\uFFFDb",
		`null`:                  "unknown",
		`"success","status":{}`: "success",
	} {
		a := newAround(t, log.NewNopLogger())
		a.api.Inject(cfapitest.Fault{Body: `{"success":true,"result":[{"destination_conf":"s3://b","status":` + status + `}]}`})
		ones := ""
		for line := range strings.Lines(series(expose(t, a.bucketsFor(t.Context())))) {
			if line, ok := strings.CutSuffix(line, " 1\n"); ok {
				ones += line
			} else if !strings.HasSuffix(line, " 0\n") {
				t.Error(line)
			}
		}
		if want := `bucket_ownership{bucket="s3://b",status="` + want + `"}`; ones != want {
			t.Errorf("%s: %s is 1, want %s", status, ones, want)
		}
	}
}

// What the API says must not hurt Prometheus.
func TestBucketFlood(t *testing.T) {
	a := newAround(t, log.NewNopLogger())
	var listed []cfapitest.Bucket
	long := strings.Repeat("é", 100)
	for i := range 500 {
		listed = append(listed, cfapitest.Bucket{Destination: fmt.Sprintf("s3://%03d/%s", i, long), Status: fmt.Sprint("status", i)})
	}
	a.api.Account(testID).SetBuckets(listed...)
	buckets, statuses := make(map[string]bool), make(map[string]bool)
	for line := range strings.Lines(series(expose(t, a.bucketsFor(t.Context())))) {
		cells := strings.Split(line, `"`)
		buckets[cells[1]], statuses[cells[3]] = true, true
		if len(cells[1]) > maxLabelBytes {
			t.Errorf("a label of %d bytes", len(cells[1]))
		}
	}
	if len(buckets) != maxBuckets || len(statuses) != 3+maxUndocumented+1 {
		t.Errorf("%d buckets with %d statuses", len(buckets), len(statuses))
	}
}

// TestBucketsAndTokenFailAlone has their endpoints hang beside the captures.
func TestBucketsAndTokenFailAlone(t *testing.T) {
	a := newAround(t, log.NewNopLogger())
	a.api.Inject(cfapitest.Fault{Endpoint: "ownership", Hang: true})
	a.api.Inject(cfapitest.Fault{Endpoint: "verify", Hang: true})
	cfg := &Config{
		Accounts: []AccountConfig{{ID: testID, Credential: DefaultCredential}},
		Credentials: map[string]config.HTTPClientConfig{
			DefaultCredential: {Authorization: &config.Authorization{Type: "Bearer", Credentials: testToken}},
		},
	}
	options := Options{BaseURL: a.client.BaseURL, Series: SeriesNone, Timeout: 10 * time.Second, Concurrency: 1, Buckets: true, Token: true, Logger: log.NewNopLogger()}
	exporter, err := newExporter(cfg, options, newAPIMetrics(prometheus.NewRegistry()))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	text := expose(t, exporter.Collectors(ctx)...)
	for _, want := range []string{
		`up{account="` + testID + `"} 1`, `captures{colo="",status="running",system="magic-transit",type="full"} 0`,
	} {
		if !strings.Contains(series(text), want+"\n") {
			t.Errorf("no %s in\n%s", want, series(text))
		}
	}
	for _, name := range []string{"bucket_", "api_token_"} {
		if strings.Contains(text, name) {
			t.Errorf("%s is shown", name)
		}
	}
}
