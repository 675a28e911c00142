package cfapi_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestBuckets(t *testing.T) {
	api, client := newServer(t)
	noon := time.Date(2026, 3, 1, 12, 0, 0, 123_456_000, time.UTC)
	api.Account(accountID).SetBuckets(
		simulation.Bucket{Destination: "s3://b/d?region=us-east-1", Status: "success", Submitted: noon, Validated: noon.Add(time.Hour)},
		simulation.Bucket{Destination: "r2://b?secret-access-key=" + simulation.Secret, Status: "failed", Submitted: noon},
		simulation.Bucket{Destination: "gs://b/d"},
	)
	want := []cfapi.Bucket{
		{Destination: "s3://b/d", Status: "success", Submitted: noon, Validated: noon.Add(time.Hour)},
		{Destination: "r2://b", Status: "failed", Submitted: noon},
		{Destination: "gs://b/d", Status: "pending"},
	}
	got, err := client.Buckets(t.Context(), accountID)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, got, want)
	}
	api.Inject(simulation.Fault{Times: 1, Body: `{"success":true,"result":[` + strings.Repeat("{},", 10_000) + `{}]}`})
	if got, err := client.Buckets(t.Context(), accountID); got != nil || cfapi.ReasonOf(err) != cfapi.ReasonDecode {
		t.Errorf("10,001 buckets: %d, %v", len(got), err)
	}
}

// A field with an unexpected value counts as absent.
func TestBucketFields(t *testing.T) {
	api, client := newServer(t)
	for result, want := range map[string][]cfapi.Bucket{
		`[]`:                  nil,
		`null`:                nil,
		`[{}]`:                {{}},
		`[null,5,"x",[{}]]`:   {{}, {}, {}, {}},
		`[{"status":"new"}]`:  {{Status: "new"}},
		`[{"status":["x"]}]`:  {{}},
		`[{"submitted":""}]`:  {{}},
		`[{"validated":7}]`:   {{}},
		`[{},{}],"result":[]`: nil,
		`[{"destination_conf":"s3://key:` + simulation.Secret + `@b/d","filename":"f","id":"` + simulation.Secret + `"}]`:        {{}},
		`[{"destination_conf":"b/d?` + simulation.Secret + `"},{"destination_conf":"s3://b/d#` + simulation.Secret + `"}]`:       {{}, {Destination: "s3://b/d"}},
		`[{"status":"success","validated":"2026-03-01T12:00:00+02:00"},{"status":null,"validated":null,"submitted":null}]`:       {{Status: "success", Validated: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)}, {}},
		`[{"new":{"status":"x"},"status":"failed"}],"result_info":{"page":1,"per_page":1,"count":1,"total_count":2},"errors":[]`: {{Status: "failed"}},
	} {
		api.Inject(simulation.Fault{Times: 1, Body: `{"success":true,"result":` + result + `}`})
		got, err := client.Buckets(t.Context(), accountID)
		for i := range got {
			got[i].Validated = got[i].Validated.UTC()
		}
		if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", result, err, got, want)
		}
		if strings.Contains(fmt.Sprint(got), simulation.Secret) {
			t.Errorf("a secret in %+v", got)
		}
	}
}
