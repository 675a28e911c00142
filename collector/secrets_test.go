package collector_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

// TestSecrets searches whatever the exporter says, in the log too, for what it
// must not: the token, the key in the query of a bucket's URI, in an error
// message also, and the addresses of a filter.
func TestSecrets(t *testing.T) {
	var logged bytes.Buffer
	e := newExporter(t, setup{
		series: collector.SeriesAll, options: collector.Options{Pprof: true}, logger: log.NewLogfmtLogger(log.NewSyncWriter(&logged)),
	})
	_, err := e.api.Account(accountID).Submit(cfapitest.Capture{
		Type: "full", Colo: "ord02", End: "failed", ErrorMessage: cfapitest.BucketRefused,
		Destination: "r2://user:" + cfapitest.Secret + "@bucket/dir?secret-access-key=" + cfapitest.Secret,
		FilterV1:    map[string]any{"source_address": "198.51.100.77"},
	})
	if err != nil {
		t.Fatal(err)
	}
	faults := []cfapitest.Fault{
		{Times: 1},
		{Times: 1, Status: 401, Body: `{"success":false,"errors":[{"code":10000,"message":"bad ` + token + `"}]}`},
		{Times: 1, Redirect: "http://127.0.0.1:1/?" + cfapitest.Secret},
		{Times: 1, Body: "<html>" + token + " 198.51.100.77"},
		{Times: 1, Body: `{"` + token + `":` + token},
		{Times: 1, Reset: true},
	}
	var said strings.Builder
	for _, fault := range faults {
		e.api.Inject(fault)
		for _, path := range []string{"/metrics", "/", "/-/ready", "/-/healthy", "/probe?target=" + accountID, "/probe?target=" + token, "/debug/pprof/cmdline"} {
			_, text := e.get(t, path)
			said.WriteString(text)
		}
	}
	said.WriteString(logged.String())
	for _, want := range []string{`reason="bucket"`, "verify your ownership", "reason=unauthorized", "reason=decode", ".test"} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("%s is not said, so there was no occasion to leak", want)
		}
	}
	for line := range strings.SplitSeq(said.String(), "\n") {
		for _, secret := range []string{token, cfapitest.Secret, "198.51.100.77"} {
			if strings.Contains(line, secret) {
				t.Errorf("%s in %s", secret, line)
			}
		}
	}
}
