// Package flags is the command line.
package flags

import (
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector"
)

// Flags are what the command line and the environment say.
type Flags struct {
	collector.Options
	Demo        bool
	Check       bool
	HealthCheck bool
	Web         *web.FlagConfig

	logLevel  string
	logFormat string
	accounts  []collector.AccountConfig
	tokenFile string
	token     string // if there is no file
	series    string
}

// Parse returns nil flags if there is nothing to run: help or the version has been
// written to stdout.
func Parse(args []string, stdout io.Writer) (*Flags, error) {
	f, ended := &Flags{}, false
	app := kingpin.New(collector.Name, "Exports Cloudflare's packet captures as Prometheus metrics.")
	app.UsageWriter(stdout).Terminate(func(int) { ended = true }).Version(version.Print(collector.Name))
	app.HelpFlag.Short('h')

	app.Flag("cloudflare.account-id", "Account to export; repeatable.").PlaceHolder("ID").
		Envar("CLOUDFLARE_ACCOUNT_ID").SetValue(&accounts{to: &f.accounts})
	app.Flag("cloudflare.api-token-file", "File with the API token, read again when it changes. Without it, the token is taken from $CLOUDFLARE_API_TOKEN.").PlaceHolder("PATH").
		Envar("CLOUDFLARE_API_TOKEN_FILE").StringVar(&f.tokenFile)
	add(app, "cloudflare.api-url", "Where the API is.", cfapi.DefaultBaseURL, &f.BaseURL, collector.ParseAPIURL).
		Envar("CLOUDFLARE_BASE_URL")
	add(app, "cloudflare.rate-limit", "API requests allowed in any 5 minutes for each credential; 0 is no limit of ours.", "1000", &f.RateLimit, whole)
	add(app, "collector.capture-series", "Series for single captures: "+strings.Join(collector.SeriesModes(), ", ")+".", "none", &f.series, oneOf(collector.SeriesModes()...))
	app.Flag("collector.buckets", "Show the ownership of buckets: one more API call for each account, at most every 5 minutes.").BoolVar(&f.Buckets)
	app.Flag("collector.token", "Show status and expiry of each token, looked up at most once an hour.").BoolVar(&f.Token)
	add(app, "collector.min-interval", "A list younger than this is shown again, without a request.", "0s", &f.MinInterval, duration)
	add(app, "collector.max-staleness", "On failure, show the last good list up to this old, beside up 0; 0s is never.", "0s", &f.MaxStaleness, duration)
	add(app, "scrape.timeout", "How long a scrape may take when Prometheus names no time, and at most.", "10s", &f.Timeout, positiveDuration)
	add(app, "scrape.timeout-offset", "Taken off the time that Prometheus names.", "500ms", &f.Offset, duration)
	add(app, "scrape.concurrency", "Accounts listed at once.", "16", &f.Concurrency, positive)
	app.Flag("demo", "Run against an embedded simulation of the API: needs no account, no token, no network.").BoolVar(&f.Demo)
	app.Flag("config.file", "File with several accounts, credentials, proxies; reloaded on SIGHUP.").PlaceHolder("PATH").StringVar(&f.ConfigFile)
	app.Flag("config.check", "Validate flags and file, read the credentials, then exit.").BoolVar(&f.Check)
	app.Flag("health-check", "Ask the exporter at --web.listen-address whether it is healthy, then exit.").BoolVar(&f.HealthCheck)
	f.Web = kingpinflag.AddFlags(app, ":17227")
	add(app, "web.telemetry-path", "Path of the metrics.", "/metrics", &f.MetricsPath, urlPath("/probe", "/sd", "/-/", "/debug/"))
	add(app, "web.max-requests", "Scrapes at once; more get 503.", "40", &f.MaxRequests, positive)
	app.Flag("web.enable-lifecycle", "Reload the configuration file on POST /-/reload.").BoolVar(&f.Lifecycle)
	app.Flag("web.enable-pprof", "Serve profiles at /debug/pprof/.").BoolVar(&f.Pprof)
	add(app, "log.level", "Least level to log: debug, info, warn, error.", "info", &f.logLevel, oneOf("debug", "info", "warn", "error"))
	add(app, "log.format", "Format of the log: logfmt, json.", "logfmt", &f.logFormat, oneOf("logfmt", "json"))

	_, err := app.Parse(args)
	if ended {
		return nil, nil
	}
	return f, err
}

// Validate checks what the web toolkit would find too late, or say without the
// name of the flag.
func (f *Flags) Validate() error {
	for _, address := range *f.Web.WebListenAddresses {
		if _, _, err := net.SplitHostPort(address); err != nil && !strings.HasPrefix(address, "vsock://") {
			return fmt.Errorf("--web.listen-address: %w", err)
		}
	}
	if err := web.Validate(*f.Web.WebConfigFile); err != nil {
		return fmt.Errorf("--web.config.file: %w", err)
	}
	return nil
}

// NewLogger returns one that writes to w what is at least of the level wanted.
func (f *Flags) NewLogger(w io.Writer) log.Logger {
	w = log.NewSyncWriter(w)
	logger := log.NewLogfmtLogger(w)
	if f.logFormat == "json" {
		logger = log.NewJSONLogger(w)
	}
	return level.NewFilter(logger, level.Allow(level.ParseDefault(f.logLevel, level.InfoValue())))
}
