package collector

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/accounts"
)

// Buckets with the same name in two R2 accounts have the same labels, as has a bucket
// that was claimed twice.
func TestDuplicateBuckets(t *testing.T) {
	const uri = "r2://b/d?account-id="
	older := simulation.Bucket{Destination: uri + "1", Status: "success", Submitted: noon, Validated: noon}
	newer := simulation.Bucket{Destination: uri + "2", Status: "failed", Submitted: noon.Add(time.Second)}
	same := simulation.Bucket{Destination: uri + "2", Status: "failed", Submitted: noon}
	never := simulation.Bucket{Destination: uri + "3"}
	series := func(success, failed int) []string {
		return []string{
			fmt.Sprint(`bucket_ownership{bucket="r2://b/d",status="failed"} `, failed),
			`bucket_ownership{bucket="r2://b/d",status="pending"} 0`,
			fmt.Sprint(`bucket_ownership{bucket="r2://b/d",status="success"} `, success),
		}
	}
	success := append(series(1, 0), `bucket_validated_timestamp_seconds{bucket="r2://b/d"} 1.7953488e+09`)
	for _, test := range []struct {
		buckets []simulation.Bucket
		want    []string
	}{
		{[]simulation.Bucket{older, newer, never}, series(0, 1)},
		{[]simulation.Bucket{newer, older}, series(0, 1)},
		{[]simulation.Bucket{never, older}, success},
		{[]simulation.Bucket{older, same}, success},
	} {
		api := new(simulation.API)
		c := NewBuckets(t.Context(), newAccounts(t, api), 1)
		api.Account(accountID).SetBuckets(test.buckets...)
		checkSeries(t, expose(t, c), test.want...)
	}
}

func TestBucketBounds(t *testing.T) {
	api := new(simulation.API)
	c := NewBuckets(t.Context(), newAccounts(t, api), 1)
	var listed []simulation.Bucket
	for i := range 500 {
		listed = append(listed, simulation.Bucket{Destination: fmt.Sprintf("s3://%03d/%0200d", i, 0), Status: fmt.Sprint("status", i)})
	}
	api.Account(accountID).SetBuckets(listed...)
	buckets, statuses := make(map[string]bool), make(map[string]bool)
	text := expose(t, c)
	for line := range strings.Lines(text) {
		values := strings.Split(line, `"`)
		buckets[values[1]], statuses[values[3]] = true, true
		if len(values[1]) > 128 {
			t.Errorf("a label has %d bytes", len(values[1]))
		}
	}
	if n := strings.Count(text, "} 1\n"); n != 200 || len(buckets) != 200 || len(statuses) != 3+32+1 {
		t.Errorf("%d buckets with %d statuses, %d of them current", len(buckets), len(statuses), n)
	}
}

// Captures do not wait for buckets and tokens.
func TestBucketsAndTokensHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api := new(simulation.API)
		api.Inject(simulation.Fault{Endpoint: "ownership", Hang: true})
		api.Inject(simulation.Fault{Endpoint: "verify", Hang: true})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		all := newAccounts(t, api)
		text := expose(t, NewCaptures(ctx, all, 1), NewBuckets(ctx, all, 1), NewTokens(ctx, all))
		checkContains(t, text, `up{account="`+accountID+`"} 1`, `scrape_duration_seconds{account="`+accountID+`"} 0`)
		if strings.Contains(text, "bucket_ownership") || strings.Contains(text, "api_token_") {
			t.Errorf("got\n%s", text)
		}
	})
}

// Neither metrics nor the log contain the keys in the URI of a bucket, or the text of a
// response.
func TestBucketSecrets(t *testing.T) {
	var output bytes.Buffer
	for _, fault := range []simulation.Fault{
		{},
		{Status: 403, Body: `{"success":false,"errors":[{"code":1,"message":"` + simulation.Secret + `"}]}`},
		{Body: `{"success":true,"result":[{"destination_conf":"s3://` + simulation.Secret},
		{Body: `{"success":true,"result":"` + simulation.Secret + `"}`},
		{Body: "<html>" + simulation.Secret},
		{Redirect: "http://127.0.0.1:1/?" + simulation.Secret},
	} {
		api := new(simulation.API)
		all := newSet(t, api, accounts.Options{Logger: log.NewLogfmtLogger(log.NewSyncWriter(&output))}, accountID).Targets().Accounts
		api.Inject(fault)
		api.Account(accountID).SetBuckets(
			simulation.Bucket{Destination: "r2://pcaps?secret-access-key=" + simulation.Secret},
			simulation.Bucket{Destination: "s3://key:" + simulation.Secret + "@pcaps/d"},
			simulation.Bucket{Destination: simulation.Secret},
		)
		output.WriteString(expose(t, NewBuckets(t.Context(), all, 1), NewTokens(t.Context(), all)))
	}
	for _, want := range []string{`bucket="r2://pcaps"`, "api_token_active", "reason=forbidden", "reason=decode", "reason=rejected"} {
		if !strings.Contains(output.String(), want) {
			t.Errorf("no %s, so nothing could leak", want)
		}
	}
	if strings.Contains(output.String(), simulation.Secret) {
		t.Errorf("a secret in\n%s", output.String())
	}
}
