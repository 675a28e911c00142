package collector

import (
	"bytes"
	flags "flag"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

func TestToken(t *testing.T) {
	for result, want := range map[string][]string{
		`{"status":"active"}`:   {`api_token_active{credential="default"} 1`},
		`{"status":"disabled"}`: {`api_token_active{credential="default"} 0`},
		`{"status":"new"}`:      {`api_token_active{credential="default"} 0`},
		`{"expires_on":"2026-11-22T12:00:00Z","status":"expired"}`: {
			`api_token_active{credential="default"} 0`, `api_token_expiry_timestamp_seconds{credential="default"} 1.7953488e+09`,
		},
		`{"expires_on":"","status":null}`: nil,
		`null`:                            nil,
	} {
		a := newAround(t, log.NewNopLogger())
		a.api.Inject(cfapitest.Fault{Body: `{"success":true,"result":` + result + `}`})
		wantSeries(t, expose(t, a.tokenFor(t.Context())), want...)
	}
}

// TestBucketsAndTokenGolden takes the API's answers to the exposition.
func TestBucketsAndTokenGolden(t *testing.T) {
	const golden = "testdata/buckets_token.prom"
	a := newAround(t, log.NewNopLogger())
	a.api.Verify.ExpiresOn = noon.AddDate(0, 0, 30)
	a.api.Account(testID).SetBuckets(
		cfapitest.Bucket{Destination: "s3://pcaps-us/magic-transit?region=us-east-1", Status: "success", Submitted: noon.Add(-time.Hour), Validated: noon},
		cfapitest.Bucket{Destination: "r2://pcaps-eu?secret-access-key=" + cfapitest.Secret, Status: "failed", Submitted: noon},
		cfapitest.Bucket{Destination: "gs://pcaps-lab/magic-transit", Submitted: noon},
		cfapitest.Bucket{Destination: "gs://pcaps-lab/archive", Status: "expired", Validated: noon},
	)
	got := a.scrape(t)
	if flags.Lookup("update").Value.String() == "true" {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s has\n%sgot\n%s(go test -update writes it anew)", golden, want, got)
	}
}

// TestBucketSecrets searches metrics and log for the keys in a bucket's query,
// and for the token.
func TestBucketSecrets(t *testing.T) {
	var said bytes.Buffer
	for _, fault := range []cfapitest.Fault{
		{Times: 1},
		{Status: 403, Body: `{"success":false,"errors":[{"code":1,"message":"` + cfapitest.Secret + testToken + `"}]}`},
		{Body: `{"success":true,"result":[{"destination_conf":"s3://` + cfapitest.Secret},
		{Body: `{"success":true,"result":"` + cfapitest.Secret + `"}`},
		{Body: "<html>" + cfapitest.Secret + testToken},
		{Redirect: "http://127.0.0.1:1/?" + cfapitest.Secret},
	} {
		a := newAround(t, log.NewLogfmtLogger(log.NewSyncWriter(&said)))
		a.api.Inject(fault)
		a.api.Account(testID).SetBuckets(
			cfapitest.Bucket{Destination: "r2://pcaps?secret-access-key=" + cfapitest.Secret, Status: "failed"},
			cfapitest.Bucket{Destination: "s3://key:" + cfapitest.Secret + "@pcaps/d"},
			cfapitest.Bucket{Destination: cfapitest.Secret},
		)
		said.WriteString(a.scrape(t))
	}
	for _, want := range []string{`bucket="r2://pcaps"`, "api_token_active", "reason=forbidden", "reason=decode", "reason=rejected"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("%s is not said, so there was no occasion to leak", want)
		}
	}
	for line := range strings.Lines(said.String()) {
		if strings.Contains(line, cfapitest.Secret) || strings.Contains(line, testToken) {
			t.Errorf("a secret in %s", line)
		}
	}
}
