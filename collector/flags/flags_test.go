package flags

import (
	"reflect"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	t.Setenv("CLOUDFLARE_BASE_URL", "https://variable")
	for args, want := range map[string]Flags{
		"": {
			APIURL: "https://variable", RateLimit: 1000, IPVersion: "any", CaptureSeries: "none",
			Timeout: 10 * time.Second, TimeoutOffset: 500 * time.Millisecond, Concurrency: 16,
			MetricsPath: "/metrics", MaxRequests: 40, LogLevel: "info", LogFormat: "logfmt",
		},
		`--cloudflare.api-url=https://flag/ --cloudflare.rate-limit=0 --cloudflare.ip-version=6 --collector.buckets --collector.tokens
			--collector.min-interval=1s --collector.max-staleness=2s --scrape.timeout=3s --scrape.timeout-offset=0s
			--scrape.concurrency=1 --config.file=f.yml --web.telemetry-path=/probe/y.z --web.max-requests=1
			--web.enable-lifecycle --web.enable-pprof --collector.capture-series=all --log.level=debug --log.format=json
			--config.check --health-check`: {
			APIURL: "https://flag", IPVersion: "6", MinInterval: time.Second, MaxStaleness: 2 * time.Second, CaptureSeries: "all",
			Buckets: true, Token: true, Timeout: 3 * time.Second, Concurrency: 1, ConfigFile: "f.yml",
			MetricsPath: "/probe/y.z", MaxRequests: 1, Lifecycle: true, Pprof: true,
			LogLevel: "debug", LogFormat: "json", Check: true, HealthCheck: true,
		},
		"--demo=faults --scrape.timeout=3s": {
			APIURL: "https://variable", RateLimit: 1000, IPVersion: "any", CaptureSeries: "none",
			Timeout: 3 * time.Second, TimeoutOffset: 500 * time.Millisecond, Concurrency: 16,
			MetricsPath: "/metrics", MaxRequests: 40, LogLevel: "info", LogFormat: "logfmt",
			Demo: true, Faults: true,
		},
	} {
		f, err := parse(args)
		if err != nil {
			t.Fatal(err)
		}
		want.Toolkit = f.Toolkit
		if !reflect.DeepEqual(*f, want) {
			t.Errorf("%q:\n got %+v\nwant %+v", args, *f, want)
		}
	}
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
		"--web.enable-lifecycle":                                 "--web.enable-lifecycle needs --config.file",
		"--web.listen-address=nowhere":                           "--web.listen-address: ",
		"--web.listen-address=:1 --web.listen-address=127.0.0.1": "--web.listen-address: ",
		"--web.listen-address=:99999":                            "--web.listen-address: ",
		"--web.listen-address=:foo":                              "--web.listen-address: ",
		"--web.config.file=/nowhere/w":                           "--web.config.file: ",
	})
}
