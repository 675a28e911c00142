// Command cloudflare_pcap_exporter exports Cloudflare's packet captures as
// Prometheus metrics.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/common/config"
	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"
	sloggokit "github.com/tjhop/slog-gokit"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
	"cloudflare_pcap_exporter/collector/flags"
	"cloudflare_pcap_exporter/collector/health"
)

func main() {
	if info, ok := debug.ReadBuildInfo(); ok && version.Version == "" {
		version.Version = info.Main.Version
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	stdlog.SetOutput(io.Discard) // net/http's client logs there what the API sends unasked, in its words
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "%s: error: %v\n", collector.Name, err)
		os.Exit(1)
	}
}

// run is the program. It returns once ctx has ended and the scrapes in flight
// have been answered.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	hangup := make(chan os.Signal, 1) // from the first moment: unheard, the signal would end the program
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	o, err := parse(args, stdout)
	if err != nil || o == nil {
		return err
	}
	if o.healthCheck {
		return health.Check(ctx, (*o.web.WebListenAddresses)[0])
	}
	announce := func(net.Addr) {}
	if o.demo {
		stop, err := o.startDemo(ctx)
		if err != nil {
			return err
		}
		defer stop()
		announce = func(addr net.Addr) {
			// Any address is one to listen at, but not one to open.
			_, _ = fmt.Fprintf(stdout, demoText, strings.Replace(addr.String(), "[::]", "localhost", 1))
		}
	}
	if err := o.validate(); err != nil {
		return err
	}
	logger := o.logger(stderr)
	app, err := o.exporter(stamped(logger))
	if err != nil {
		return err
	}
	if o.check {
		_, err := fmt.Fprintln(stdout, "the configuration is valid")
		return err
	}
	level.Info(stamped(logger)).Log("msg", "starting", "version", version.Info(), "build", version.BuildContext())
	go reloadOnHangup(ctx, hangup, app)
	return o.serve(ctx, app, logger, announce)
}

// reloadOnHangup reloads on each signal, until ctx ends.
func reloadOnHangup(ctx context.Context, hangup <-chan os.Signal, app *collector.App) {
	for {
		select {
		case <-hangup:
			app.Reload()
		case <-ctx.Done():
			return
		}
	}
}

// options are the flags.
type options struct {
	collector.Options
	accounts    []collector.AccountConfig
	tokenFile   string
	series      string
	demo        bool
	check       bool
	healthCheck bool
	web         *web.FlagConfig
	logLevel    string
	logFormat   string

	token string // if there is no file
}

// parse returns nil options if there is nothing to run.
func parse(args []string, stdout io.Writer) (*options, error) {
	o, ended := &options{}, false
	app := kingpin.New(collector.Name, "Exports Cloudflare's packet captures as Prometheus metrics.")
	app.UsageWriter(stdout).Terminate(func(int) { ended = true }).Version(version.Print(collector.Name))
	app.HelpFlag.Short('h')

	app.Flag("cloudflare.account-id", "Account to export; repeatable.").PlaceHolder("ID").
		Envar("CLOUDFLARE_ACCOUNT_ID").SetValue(&flags.Accounts{To: &o.accounts})
	app.Flag("cloudflare.api-token-file", "File with the API token, read again when it changes. Without it, the token is taken from $CLOUDFLARE_API_TOKEN.").PlaceHolder("PATH").
		Envar("CLOUDFLARE_API_TOKEN_FILE").StringVar(&o.tokenFile)
	flags.Add(app, "cloudflare.api-url", "Where the API is.", cfapi.DefaultBaseURL, &o.BaseURL, collector.ParseAPIURL).
		Envar("CLOUDFLARE_BASE_URL")
	flags.Add(app, "cloudflare.rate-limit", "API requests allowed in any 5 minutes for each credential; 0 is no limit of ours.", "1000", &o.RateLimit, flags.Int)
	flags.Add(app, "collector.capture-series", "Series for single captures: "+strings.Join(collector.SeriesModes(), ", ")+".", "none", &o.series, flags.OneOf(collector.SeriesModes()...))
	app.Flag("collector.buckets", "Show the ownership of buckets: one more API call for each account, at most every 5 minutes.").BoolVar(&o.Buckets)
	app.Flag("collector.token", "Show status and expiry of each token, looked up at most once an hour.").BoolVar(&o.Token)
	flags.Add(app, "collector.min-interval", "A list younger than this is shown again, without a request.", "0s", &o.MinInterval, flags.Duration)
	flags.Add(app, "collector.max-staleness", "On failure, show the last good list up to this old, beside up 0; 0s is never.", "0s", &o.MaxStaleness, flags.Duration)
	flags.Add(app, "scrape.timeout", "How long a scrape may take when Prometheus names no time, and at most.", "10s", &o.Timeout, flags.PositiveDuration)
	flags.Add(app, "scrape.timeout-offset", "Taken off the time that Prometheus names.", "500ms", &o.Offset, flags.Duration)
	flags.Add(app, "scrape.concurrency", "Accounts listed at once.", "16", &o.Concurrency, flags.PositiveInt)
	app.Flag("demo", "Run against an embedded simulation of the API: needs no account, no token, no network.").BoolVar(&o.demo)
	app.Flag("config.file", "File with several accounts, credentials, proxies; reloaded on SIGHUP.").PlaceHolder("PATH").StringVar(&o.ConfigFile)
	app.Flag("config.check", "Validate flags and file, read the credentials, then exit.").BoolVar(&o.check)
	app.Flag("health-check", "Ask the exporter at --web.listen-address whether it is healthy, then exit.").BoolVar(&o.healthCheck)
	o.web = kingpinflag.AddFlags(app, ":17227")
	flags.Add(app, "web.telemetry-path", "Path of the metrics.", "/metrics", &o.MetricsPath, flags.Path("/probe", "/sd", "/-/", "/debug/"))
	flags.Add(app, "web.max-requests", "Scrapes at once; more get 503.", "40", &o.MaxRequests, flags.PositiveInt)
	app.Flag("web.enable-lifecycle", "Reload the configuration file on POST /-/reload.").BoolVar(&o.Lifecycle)
	app.Flag("web.enable-pprof", "Serve profiles at /debug/pprof/.").BoolVar(&o.Pprof)
	flags.Add(app, "log.level", "Least level to log: debug, info, warn, error.", "info", &o.logLevel, flags.OneOf("debug", "info", "warn", "error"))
	flags.Add(app, "log.format", "Format of the log: logfmt, json.", "logfmt", &o.logFormat, flags.OneOf("logfmt", "json"))

	_, err := app.Parse(args)
	if ended {
		return nil, nil
	}
	return o, err
}

// validate checks what no flag can say alone.
func (o *options) validate() error {
	for _, address := range *o.web.WebListenAddresses {
		if _, _, err := net.SplitHostPort(address); err != nil && !strings.HasPrefix(address, "vsock://") {
			return fmt.Errorf("--web.listen-address: %w", err)
		}
	}
	if err := web.Validate(*o.web.WebConfigFile); err != nil {
		return fmt.Errorf("--web.config.file: %w", err)
	}
	return nil
}

// load returns the configuration: of the file, or of the flags.
func (o *options) load() (*collector.Config, error) {
	switch {
	case o.ConfigFile != "" && len(o.accounts) > 0:
		return nil, errors.New("give accounts by --config.file or by --cloudflare.account-id or $CLOUDFLARE_ACCOUNT_ID, not by both")
	case o.ConfigFile != "" && o.tokenFile != "":
		return nil, errors.New("with --config.file the token is in its credentials: drop --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN_FILE")
	case o.ConfigFile != "":
		cfg, err := collector.LoadConfig(o.ConfigFile)
		if err != nil {
			return nil, fmt.Errorf("--config.file: %w", err)
		}
		return cfg, nil
	case len(o.accounts) == 0:
		return nil, errors.New("no account: set --cloudflare.account-id, $CLOUDFLARE_ACCOUNT_ID or --config.file, or try --demo")
	}
	credential, err := o.credential()
	if err != nil {
		return nil, err
	}
	return &collector.Config{
		Accounts:    o.accounts,
		Credentials: map[string]config.HTTPClientConfig{collector.DefaultCredential: credential},
	}, nil
}

// credential is the one of the flags.
func (o *options) credential() (cfg config.HTTPClientConfig, err error) {
	cfg.Authorization = &config.Authorization{Type: "Bearer", CredentialsFile: o.tokenFile}
	cfg.EnableHTTP2 = true
	cfg.ProxyFromEnvironment = true
	if o.tokenFile != "" {
		return cfg, nil
	}
	token := cmp.Or(o.token, os.Getenv("CLOUDFLARE_API_TOKEN"))
	if token == "" {
		return cfg, errors.New("no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN")
	}
	if err := collector.CheckToken(token); err != nil {
		return cfg, fmt.Errorf("$CLOUDFLARE_API_TOKEN: %w", err)
	}
	cfg.Authorization.Credentials = config.Secret(strings.TrimSpace(token))
	return cfg, nil
}

// startDemo starts the simulated API on a loopback port, and points the options
// at it.
func (o *options) startDemo(ctx context.Context) (stop func(), err error) {
	if o.ConfigFile != "" {
		return nil, errors.New("--demo has accounts of its own: drop --config.file")
	}
	const token = "demo"
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: cfapitest.Demo(token, time.Now), ReadHeaderTimeout: readHeaderTimeout}
	go func() { _ = server.Serve(listener) }()
	o.token, o.tokenFile = token, ""
	o.BaseURL = "http://" + listener.Addr().String()
	o.accounts = []collector.AccountConfig{
		{ID: cfapitest.DemoProdID, Name: cfapitest.DemoProdName, Credential: collector.DefaultCredential},
		{ID: cfapitest.DemoLabID, Name: cfapitest.DemoLabName, Credential: collector.DefaultCredential},
	}
	return func() { _ = server.Close() }, nil
}

// demoText is what a user of the demo should do next.
const demoText = `The exporter is running against a simulation of Cloudflare's API with two accounts.
Something happens every few seconds. Look at it:

  open http://%[1]s/
  curl http://%[1]s/metrics
  curl -s http://%[1]s/metrics | grep -E '_errors\{.* [1-9]|_due_'
  curl 'http://%[1]s/probe?target=edge-lab'

Ctrl-C ends it.
`

// logger writes to w what is at least of the level wanted.
func (o *options) logger(w io.Writer) log.Logger {
	w = log.NewSyncWriter(w)
	logger := log.NewLogfmtLogger(w)
	if o.logFormat == "json" {
		logger = log.NewJSONLogger(w)
	}
	return level.NewFilter(logger, level.Allow(level.ParseDefault(o.logLevel, level.InfoValue())))
}

// stamped adds the time and the caller to each line.
func stamped(logger log.Logger) log.Logger {
	return log.With(logger, "ts", log.DefaultTimestampUTC, "caller", log.DefaultCaller)
}

// exporter returns what the flags describe.
func (o *options) exporter(logger log.Logger) (*collector.App, error) {
	cfg, err := o.load()
	if err != nil {
		return nil, err
	}
	o.Series = collector.SeriesMode(o.series)
	o.UserAgent, o.Version = collector.Name+"/"+version.Version, version.Version
	o.Logger = logger
	app, err := collector.New(cfg, o.Options)
	if err != nil && o.ConfigFile == "" {
		return nil, fmt.Errorf("--cloudflare.api-token-file: %w", err)
	}
	if err != nil {
		return nil, fmt.Errorf("--config.file: %w", err)
	}
	return app, nil
}

const (
	readHeaderTimeout = 5 * time.Second  // and for a body, which no request needs
	idleTimeout       = 5 * time.Minute  // longer than the usual scrape intervals
	sendTimeout       = 20 * time.Second // on top of what a scrape may take
	drainTimeout      = 5 * time.Second  // the same
)

// impatient gives up on a body that does not come: it would hold its connection
// for ever. A ReadTimeout would cut off profiles, too.
func impatient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readHeaderTimeout))
		}
		next.ServeHTTP(w, r)
	})
}

// serve serves until ctx ends, then until what is in flight has been answered.
func (o *options) serve(ctx context.Context, handler http.Handler, logger log.Logger, announce func(net.Addr)) error {
	uncancelled := context.WithoutCancel(ctx)
	server := &http.Server{
		Handler:           impatient(handler),
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      o.Timeout + sendTimeout, // else scrapers that do not read would keep others out for ever
		IdleTimeout:       idleTimeout,
		BaseContext: func(l net.Listener) context.Context {
			announce(l.Addr())
			return uncancelled
		},
	}
	bridge := slog.New(sloggokit.NewGoKitHandler(logger, nil))
	server.ErrorLog = slog.NewLogLogger(bridge.Handler(), slog.LevelWarn)
	failed := make(chan error, 1)
	go func() { failed <- web.ListenAndServe(server, o.web, bridge) }()
	select {
	case err := <-failed:
		return fmt.Errorf("--web.listen-address: %w", err)
	case <-ctx.Done():
	}
	level.Info(stamped(logger)).Log("msg", "shutting down")
	drain, cancel := context.WithTimeout(uncancelled, o.Timeout+drainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		level.Warn(stamped(logger)).Log("msg", "requests in flight are cut off", "err", err)
		return server.Close()
	}
	return nil
}
