// Package flags parses the command line and the environment.
package flags

import (
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"
	toolkit "github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/web"
)

// Flags are the parsed command line and environment.
type Flags struct {
	web.Options // without a logger

	Toolkit     *toolkit.FlagConfig
	Demo        bool
	Faults      bool // of the demo
	Check       bool
	HealthCheck bool
	LogLevel    string
	LogFormat   string

	accountIDs []string // each may contain several, separated by commas
	tokenFile  string
	ownAPI     bool // a flag is set that the demo would ignore
}

// Parse returns nil if there is nothing to run, because help or the version was written
// to stdout.
func Parse(args []string, stdout io.Writer) (*Flags, error) {
	f, terminated := &Flags{Options: web.Options{Version: version.Version}}, false
	app := kingpin.New(web.Name, "Prometheus exporter for Cloudflare's packet captures in Magic Transit, Cloudflare WAN and Network Firewall.")
	app.UsageWriter(stdout).Terminate(func(int) { terminated = true }).Version(version.Print(web.Name))
	app.HelpFlag.Short('h')
	f.addAPI(app)
	f.addScrape(app)
	app.Flag("demo", "Run against an embedded simulation of the API; no account, token or network required. --demo=faults also simulates failures.").BoolVar(&f.Demo)
	app.Flag("config.file", "Path to a configuration file with accounts and credentials; reloaded on SIGHUP.").PlaceHolder("PATH").IsSetByUser(&f.ownAPI).StringVar(&f.ConfigFile)
	app.Flag("config.check", "Validate flags, configuration file and credentials, and exit.").BoolVar(&f.Check)
	app.Flag("health-check", "Probe /-/healthy of a running exporter at --web.listen-address, and exit.").BoolVar(&f.HealthCheck)
	f.addWeb(app)
	app.Flag("log.level", "Only log messages with the given severity or above. One of: debug, info, warn, error.").Default("info").EnumVar(&f.LogLevel, "debug", "info", "warn", "error")
	app.Flag("log.format", "Output format of log messages. One of: logfmt, json.").Default("logfmt").EnumVar(&f.LogFormat, "logfmt", "json")

	if i := slices.Index(args, "--demo=faults"); i >= 0 { // kingpin has no optional values
		args = slices.Replace(slices.Clone(args), i, i+1, "--demo")
		f.Faults = true
	}
	_, err := app.Parse(args)
	switch {
	case terminated:
		return nil, nil
	case err != nil:
		return nil, explain(err, app, args)
	case f.Demo && f.ownAPI: // the environment may be set for other programs
		return nil, errors.New("--demo has its own accounts and API: remove --config.file and --cloudflare.account-id, api-token-file and api-url")
	}
	return f, nil
}

func (f *Flags) addAPI(app *kingpin.Application) {
	app.Flag("cloudflare.account-id", "ID of an account to export; repeatable.").PlaceHolder("ID").
		Envar("CLOUDFLARE_ACCOUNT_ID").IsSetByUser(&f.ownAPI).StringsVar(&f.accountIDs)
	app.Flag("cloudflare.api-token-file", "Path to a file with the API token, read again for each request. Without it, the token is read from $CLOUDFLARE_API_TOKEN.").PlaceHolder("PATH").
		Envar("CLOUDFLARE_API_TOKEN_FILE").IsSetByUser(&f.ownAPI).StringVar(&f.tokenFile)
	app.Flag("cloudflare.api-url", "Base URL of the Cloudflare API.").Default(cfapi.DefaultBaseURL).
		Envar("CLOUDFLARE_BASE_URL").IsSetByUser(&f.ownAPI).StringVar(&f.Accounts.BaseURL)
	app.Flag("cloudflare.rate-limit", "Maximum API requests per credential in any 5-minute window; 0 disables the limit.").Default("1000").SetValue(atLeast(0, &f.Accounts.RateLimit, strconv.Atoi))
	app.Flag("cloudflare.ip-version", "IP version of connections to the API. One of: any, 4, 6.").Default("any").EnumVar(&f.Accounts.IPVersion, "any", "4", "6")
}

func (f *Flags) addScrape(app *kingpin.Application) {
	modes := captures.SeriesModes()
	app.Flag("collector.capture-series", "Captures to export individually. One of: "+strings.Join(modes, ", ")+".").Default("none").EnumVar((*string)(&f.Accounts.Series), modes...)
	app.Flag("collector.buckets", "Export the ownership of buckets; one more API request per account, at most every 5 minutes.").BoolVar(&f.Buckets)
	app.Flag("collector.tokens", "Export status and expiry of each token, verified at most once an hour.").BoolVar(&f.Tokens)
	app.Flag("collector.min-interval", "Minimum interval between API requests for an account; younger results are served from cache.").Default("0s").SetValue(atLeast(0, &f.Accounts.MinInterval, time.ParseDuration))
	app.Flag("collector.max-staleness", "Maximum age of a cached result served when the API fails (up is still 0); 0s disables this.").Default("0s").SetValue(atLeast(0, &f.Accounts.MaxStaleness, time.ParseDuration))
	app.Flag("scrape.timeout", "Maximum scrape duration, and the default if the scrape request has no timeout header.").Default("10s").SetValue(atLeast(time.Millisecond, &f.Timeout, time.ParseDuration))
	app.Flag("scrape.timeout-offset", "Minimum offset to subtract from the scrape timeout sent by Prometheus. It grows with the time that the last response took to encode.").Default("500ms").SetValue(atLeast(0, &f.TimeoutOffset, time.ParseDuration))
	app.Flag("scrape.concurrency", "Maximum number of accounts listed concurrently by one scrape.").Default("16").SetValue(atLeast(1, &f.Concurrency, strconv.Atoi))
}

func (f *Flags) addWeb(app *kingpin.Application) {
	f.Toolkit = kingpinflag.AddFlags(app, ":17227")
	app.Flag("web.telemetry-path", "Path under which to expose metrics.").Default("/metrics").StringVar(&f.MetricsPath)
	app.Flag("web.max-requests", "Maximum number of concurrent scrapes; further ones get status 503.").Default("40").SetValue(atLeast(1, &f.MaxRequests, strconv.Atoi))
	app.Flag("web.enable-lifecycle", "Enable reloading of the configuration file by POST /-/reload.").BoolVar(&f.Lifecycle)
	app.Flag("web.enable-pprof", "Enable profiling at /debug/pprof/.").BoolVar(&f.Pprof)
}
