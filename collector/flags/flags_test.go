package flags

import (
	"reflect"
	"testing"
	"time"

	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/web"
)

func TestParse(t *testing.T) {
	t.Setenv("CLOUDFLARE_BASE_URL", "https://variable")
	for args, want := range map[string]web.Options{
		"": {
			Accounts: accounts.Options{BaseURL: "https://variable", RateLimit: 1000, IPVersion: "any"},
			Timeout:  10 * time.Second, TimeoutOffset: 500 * time.Millisecond, Concurrency: 16,
			MetricsPath: "/metrics", MaxRequests: 40,
		},
		`--cloudflare.api-url=https://flag/ --cloudflare.rate-limit=0 --cloudflare.ip-version=6 --collector.buckets --collector.token
			--collector.min-interval=1s --collector.max-staleness=2s --scrape.timeout=3s --scrape.timeout-offset=0s
			--scrape.concurrency=1 --config.file=f.yml --web.telemetry-path=/probe/y.z --web.max-requests=1
			--web.enable-lifecycle --web.enable-pprof`: {
			Accounts: accounts.Options{BaseURL: "https://flag", IPVersion: "6", MinInterval: time.Second, MaxStaleness: 2 * time.Second},
			Buckets:  true, Token: true, Timeout: 3 * time.Second, Concurrency: 1, ConfigFile: "f.yml",
			MetricsPath: "/probe/y.z", MaxRequests: 1, Lifecycle: true, Pprof: true,
		},
	} {
		f, err := parse(args)
		if err != nil || !reflect.DeepEqual(f.Options, want) {
			t.Errorf("%q: %v\n got %+v\nwant %+v", args, err, f.Options, want)
		}
	}
	checkErrors(t, map[string]string{})
}

func TestValidate(t *testing.T) {
	for _, args := range []string{"", "--web.listen-address=vsock://:1 --web.listen-address=[::1]:2"} {
		f, err := parse(args)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Validate(t.Context()); err != nil {
			t.Errorf("%q: %v", args, err)
		}
	}
	checkErrors(t, map[string]string{
		"--web.listen-address=nowhere":                           "--web.listen-address: ",
		"--web.listen-address=:1 --web.listen-address=127.0.0.1": "--web.listen-address: ",
		"--web.listen-address=:99999":                            "--web.listen-address: ",
		"--web.listen-address=:foo":                              "--web.listen-address: ",
		"--web.config.file=/nowhere/w":                           "--web.config.file: ",
	})
}
