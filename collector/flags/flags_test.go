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
	defaults := Flags{
		Options: web.Options{
			Accounts: accounts.Options{BaseURL: "https://variable", RateLimit: 1000, IPVersion: "any", Series: "none"},
			Timeout:  10 * time.Second, TimeoutOffset: 500 * time.Millisecond, Concurrency: 16, MetricsPath: "/metrics", MaxRequests: 40,
		},
		LogLevel: "info", LogFormat: "logfmt",
	}
	demo := defaults
	demo.Demo, demo.Faults, demo.Timeout = true, true, 3*time.Second
	for args, want := range map[string]Flags{
		"":                                  defaults,
		"--demo=faults --scrape.timeout=3s": demo,
		`--cloudflare.api-url=https://flag/ --cloudflare.rate-limit=0 --cloudflare.ip-version=6 --collector.buckets --collector.tokens
			--collector.min-interval=1s --collector.max-staleness=2s --scrape.timeout=3s --scrape.timeout-offset=0s
			--scrape.concurrency=1 --config.file=f.yml --web.telemetry-path=/probe/y.z --web.max-requests=1
			--web.enable-lifecycle --web.enable-pprof --collector.capture-series=all --log.level=debug --log.format=json
			--config.check --health-check`: {
			Options: web.Options{
				Accounts: accounts.Options{BaseURL: "https://flag", IPVersion: "6", MinInterval: time.Second, MaxStaleness: 2 * time.Second, Series: "all"},
				Buckets:  true, Tokens: true, Timeout: 3 * time.Second, Concurrency: 1, ConfigFile: "f.yml",
				MetricsPath: "/probe/y.z", MaxRequests: 1, Lifecycle: true, Pprof: true,
			},
			LogLevel: "debug", LogFormat: "json", Check: true, HealthCheck: true, ownAPI: true,
		},
	} {
		f, err := parse(args)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Validate(); err != nil {
			t.Errorf("%q: %v", args, err)
		}
		want.Toolkit = f.Toolkit
		if !reflect.DeepEqual(*f, want) {
			t.Errorf("%q:\n got %+v\nwant %+v", args, *f, want)
		}
	}
}

func TestDemo(t *testing.T) {
	for _, flag := range []string{account, "--cloudflare.api-token-file=x", "--cloudflare.api-url=https://x", "--config.file=x.yml"} {
		checkErrors(t, map[string]string{"--demo " + flag: "--demo has its own accounts and API: remove --config.file and"})
	}
	t.Setenv("CLOUDFLARE_ACCOUNT_ID", accountID) // of another program
	if _, err := parse("--demo"); err != nil {
		t.Error(err)
	}
}
