// Package flags parses the command line and the environment.
package flags

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"
	toolkit "github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
)

// Flags are the parsed command line and environment.
type Flags struct {
	APIURL        string
	RateLimit     int    // API requests in any 5 minutes; 0 is no maximum
	IPVersion     string // any, 4 or 6
	CaptureSeries string // one of captures.SeriesModes
	Buckets       bool
	Token         bool
	MinInterval   time.Duration
	MaxStaleness  time.Duration
	Timeout       time.Duration
	TimeoutOffset time.Duration
	Concurrency   int
	MetricsPath   string
	MaxRequests   int
	Lifecycle     bool
	Pprof         bool
	Toolkit       *toolkit.FlagConfig
	Demo          bool
	Faults        bool // of the demo
	ConfigFile    string
	Check         bool
	HealthCheck   bool
	LogLevel      string
	LogFormat     string

	accounts  []config.Account
	tokenFile string
}

// Parse returns nil if there is nothing to run, because help or the version was written
// to stdout. The name is the name of the program.
func Parse(name string, args []string, stdout io.Writer) (*Flags, error) {
	f, terminated := &Flags{}, false
	app := kingpin.New(name, "Prometheus exporter for the packet captures of Cloudflare Magic Transit, Magic WAN and Network Firewall.")
	app.UsageWriter(stdout).Terminate(func(int) { terminated = true }).Version(version.Print(name))
	app.HelpFlag.Short('h')
	f.addAPI(app)
	f.addScrape(app)
	app.Flag("demo", "Run against an embedded simulation of the API; no account, token or network required. --demo=faults also simulates failures.").BoolVar(&f.Demo)
	app.Flag("config.file", "Path to a configuration file with accounts and credentials; reloaded on SIGHUP.").PlaceHolder("PATH").StringVar(&f.ConfigFile)
	app.Flag("config.check", "Validate flags, configuration file and credentials, and exit.").BoolVar(&f.Check)
	app.Flag("health-check", "Probe /-/healthy of a running exporter at --web.listen-address, and exit.").BoolVar(&f.HealthCheck)
	f.addWeb(app)
	add(app, "log.level", "Only log messages with the given severity or above. One of: debug, info, warn, error.", "info", &f.LogLevel, oneOf("debug", "info", "warn", "error"))
	add(app, "log.format", "Output format of log messages. One of: logfmt, json.", "logfmt", &f.LogFormat, oneOf("logfmt", "json"))

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
	case f.Demo:
		return f, checkDemo(app, args)
	}
	return f, nil
}

// checkDemo rejects flags that the demo would ignore. Environment variables can be set for
// other programs.
func checkDemo(app *kingpin.Application, args []string) error {
	context, err := app.ParseContext(args)
	if err != nil {
		return err
	}
	for _, element := range context.Elements {
		flag, ok := element.Clause.(*kingpin.FlagClause)
		if !ok {
			continue
		}
		switch name := flag.Model().Name; name {
		case "cloudflare.account-id", "cloudflare.api-token-file", "cloudflare.api-url", "config.file":
			return fmt.Errorf("--demo has its own accounts and API: remove --%s", name)
		}
	}
	return nil
}

func (f *Flags) addAPI(app *kingpin.Application) {
	accounts := app.Flag("cloudflare.account-id", "ID of an account to export; repeatable.").PlaceHolder("ID").Envar("CLOUDFLARE_ACCOUNT_ID")
	accounts.SetValue(&accountIDs{accounts, &f.accounts})
	app.Flag("cloudflare.api-token-file", "Path to a file with the API token, read again for each request. Without it, the token is read from $CLOUDFLARE_API_TOKEN.").PlaceHolder("PATH").
		Envar("CLOUDFLARE_API_TOKEN_FILE").StringVar(&f.tokenFile)
	add(app, "cloudflare.api-url", "Base URL of the Cloudflare API.", cfapi.DefaultBaseURL, &f.APIURL, apiURL).
		Envar("CLOUDFLARE_BASE_URL")
	add(app, "cloudflare.rate-limit", "Maximum API requests per credential in any 5-minute window; 0 disables the limit.", "1000", &f.RateLimit, atLeast(0))
	add(app, "cloudflare.ip-version", "IP version of connections to the API. One of: any, 4, 6.", "any", &f.IPVersion, oneOf("any", "4", "6"))
}

func (f *Flags) addScrape(app *kingpin.Application) {
	add(app, "collector.capture-series", "Captures to export individually. One of: "+strings.Join(captures.SeriesModes(), ", ")+".", "none", &f.CaptureSeries, oneOf(captures.SeriesModes()...))
	app.Flag("collector.buckets", "Export the ownership of buckets; one more API request per account, at most every 5 minutes.").BoolVar(&f.Buckets)
	app.Flag("collector.tokens", "Export status and expiry of each token, verified at most once an hour.").BoolVar(&f.Token)
	add(app, "collector.min-interval", "Minimum interval between API requests for an account; younger results are served from cache.", "0s", &f.MinInterval, duration)
	add(app, "collector.max-staleness", "Maximum age of a cached result served when the API fails (up is still 0); 0s disables this.", "0s", &f.MaxStaleness, duration)
	add(app, "scrape.timeout", "Maximum scrape duration, and the default if the scrape request has no timeout header.", "10s", &f.Timeout, positiveDuration)
	add(app, "scrape.timeout-offset", "Minimum offset to subtract from the scrape timeout sent by Prometheus. It grows with the time that the last response took to encode.", "500ms", &f.TimeoutOffset, duration)
	add(app, "scrape.concurrency", "Maximum number of accounts listed concurrently by one scrape.", "16", &f.Concurrency, atLeast(1))
}

func (f *Flags) addWeb(app *kingpin.Application) {
	f.Toolkit = kingpinflag.AddFlags(app, ":17227")
	add(app, "web.telemetry-path", "Path under which to expose metrics.", "/metrics", &f.MetricsPath, urlPath("/probe", "/sd", "/-/", "/debug/"))
	add(app, "web.max-requests", "Maximum number of concurrent scrapes; further ones get status 503.", "40", &f.MaxRequests, atLeast(1))
	app.Flag("web.enable-lifecycle", "Enable reloading of the configuration file by POST /-/reload.").BoolVar(&f.Lifecycle)
	app.Flag("web.enable-pprof", "Enable profiling at /debug/pprof/.").BoolVar(&f.Pprof)
}

// Validate checks flags that depend on others, and the flags of the toolkit. The toolkit itself
// would report these errors later, and without the name of the flag.
func (f *Flags) Validate(ctx context.Context) error {
	if f.Lifecycle && f.ConfigFile == "" {
		return errors.New("--web.enable-lifecycle needs --config.file: without it, there is nothing to reload")
	}
	for _, address := range *f.Toolkit.WebListenAddresses {
		if strings.HasPrefix(address, "vsock://") {
			continue
		}
		_, port, err := net.SplitHostPort(address)
		if err == nil {
			_, err = net.DefaultResolver.LookupPort(ctx, "tcp", port)
		}
		if err != nil {
			return fmt.Errorf("--web.listen-address: %w", err)
		}
	}
	if err := validateWebConfig(*f.Toolkit.WebConfigFile); err != nil {
		return fmt.Errorf("--web.config.file: %w", err)
	}
	return nil
}
