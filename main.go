// Command cloudflare_pcap_exporter exports Cloudflare's packet captures as
// Prometheus metrics.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"
	"github.com/prometheus/common/config"
	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"
	sloggokit "github.com/tjhop/slog-gokit"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
	"cloudflare_pcap_exporter/collector"
)

const program = "cloudflare_pcap_exporter"

func main() {
	if info, ok := debug.ReadBuildInfo(); ok && version.Version == "" {
		version.Version = info.Main.Version
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "%s: error: %v\n", program, err)
		os.Exit(1)
	}
}

// run is the program. It returns once ctx has ended and the scrapes in flight
// have been answered.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stdout)
	if err != nil || o == nil {
		return err
	}
	announce := func(net.Addr) {}
	if o.demo {
		stop, err := o.startDemo(ctx)
		if err != nil {
			return err
		}
		defer stop()
		announce = func(addr net.Addr) { _, _ = fmt.Fprintf(stdout, demoText, addr) }
	}
	if err := o.validate(); err != nil {
		return err
	}
	logger := o.logger(stderr)
	mux, err := o.wire(logger)
	if err != nil {
		return err
	}
	if o.check {
		_, err := fmt.Fprintln(stdout, "the configuration is valid")
		return err
	}
	level.Info(stamped(logger)).Log("msg", "starting", "version", version.Info(), "build", version.BuildContext())
	return o.serve(ctx, mux, logger, announce)
}

// options are the flags.
type options struct {
	accounts    []collector.Account
	tokenFile   string
	apiURL      string
	series      string
	timeout     time.Duration
	offset      time.Duration
	concurrency int
	demo        bool
	check       bool
	web         *web.FlagConfig
	metricsPath string
	maxRequests int
	pprof       bool
	logLevel    string
	logFormat   string

	token string // if there is no file
}

// parse returns nil options if there is nothing to run.
func parse(args []string, stdout io.Writer) (*options, error) {
	o, ended := &options{}, false
	app := kingpin.New(program, "Exports Cloudflare's packet captures as Prometheus metrics.")
	app.UsageWriter(stdout).Terminate(func(int) { ended = true }).Version(version.Print(program))
	app.HelpFlag.Short('h')

	app.Flag("cloudflare.account-id", "Account to export; repeatable.").PlaceHolder("ID").
		Envar("CLOUDFLARE_ACCOUNT_ID").SetValue(&accountsFlag{&o.accounts})
	app.Flag("cloudflare.api-token-file", "File with the API token, read again when it changes. Without it, the token is taken from $CLOUDFLARE_API_TOKEN.").PlaceHolder("PATH").
		Envar("CLOUDFLARE_API_TOKEN_FILE").StringVar(&o.tokenFile)
	set(app, "cloudflare.api-url", "Where the API is.", cfapi.DefaultBaseURL, &o.apiURL, collector.ParseAPIURL).
		Envar("CLOUDFLARE_BASE_URL")
	set(app, "collector.capture-series", "Series for single captures: "+strings.Join(collector.SeriesModes(), ", ")+".", "none", &o.series, oneOf(collector.SeriesModes()...))
	set(app, "scrape.timeout", "How long a scrape may take when Prometheus names no time, and at most.", "10s", &o.timeout, positiveDuration)
	set(app, "scrape.timeout-offset", "Taken off the time that Prometheus names.", "500ms", &o.offset, duration)
	set(app, "scrape.concurrency", "Accounts listed at once.", "16", &o.concurrency, positiveInt)
	app.Flag("demo", "Run against an embedded simulation of the API: needs no account, no token, no network.").BoolVar(&o.demo)
	app.Flag("config.check", "Validate the flags and read the token, then exit.").BoolVar(&o.check)
	o.web = kingpinflag.AddFlags(app, ":17227")
	set(app, "web.telemetry-path", "Path of the metrics.", "/metrics", &o.metricsPath, metricsPath)
	set(app, "web.max-requests", "Scrapes at once; more get 503.", "40", &o.maxRequests, positiveInt)
	app.Flag("web.enable-pprof", "Serve profiles at /debug/pprof/.").BoolVar(&o.pprof)
	set(app, "log.level", "Least level to log: debug, info, warn, error.", "info", &o.logLevel, oneOf("debug", "info", "warn", "error"))
	set(app, "log.format", "Format of the log: logfmt, json.", "logfmt", &o.logFormat, oneOf("logfmt", "json"))

	_, err := app.Parse(args)
	if ended {
		return nil, nil
	}
	return o, err
}

// value is a flag whose errors name it.
type value[T any] struct {
	name  string
	to    *T
	parse func(string) (T, error)
}

func set[T any](app *kingpin.Application, name, help, preset string, to *T, parse func(string) (T, error)) *kingpin.FlagClause {
	clause := app.Flag(name, help).Default(preset)
	clause.SetValue(&value[T]{name, to, parse})
	return clause
}

// Set implements kingpin.Value.
func (v *value[T]) Set(text string) error {
	parsed, err := v.parse(text)
	if err != nil {
		return fmt.Errorf("--%s: %w", v.name, err)
	}
	*v.to = parsed
	return nil
}

// String implements kingpin.Value.
func (v *value[T]) String() string { return fmt.Sprint(*v.to) }

// accountsFlag is repeatable, and splits at commas for the variable's sake.
type accountsFlag struct{ to *[]collector.Account }

// Set implements kingpin.Value.
func (f *accountsFlag) Set(text string) error {
	for id := range strings.SplitSeq(text, ",") {
		id = strings.TrimSpace(id)
		if id == "" {
			continue
		}
		if err := collector.CheckAccountID(id); err != nil {
			return fmt.Errorf("--cloudflare.account-id: %w", err)
		}
		if slices.ContainsFunc(*f.to, func(a collector.Account) bool { return a.ID == id }) {
			return fmt.Errorf("--cloudflare.account-id: %s is given twice", id)
		}
		*f.to = append(*f.to, collector.Account{ID: id})
	}
	return nil
}

// String implements kingpin.Value.
func (f *accountsFlag) String() string { return "" }

// IsCumulative tells kingpin that the flag is repeatable.
func (f *accountsFlag) IsCumulative() bool { return true }

func oneOf(values ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(values, text) {
			return "", fmt.Errorf("%q is not one of %s", text, strings.Join(values, ", "))
		}
		return text, nil
	}
}

func duration(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration such as 500ms or 10s", text)
	}
	return d, nil
}

func positiveDuration(text string) (time.Duration, error) {
	d, err := duration(text)
	if err == nil && d == 0 {
		err = errors.New("must be more than 0")
	}
	return d, err
}

func positiveInt(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("%q is not a whole number of at least 1", text)
	}
	return n, nil
}

func metricsPath(text string) (string, error) {
	if !regexp.MustCompile(`^(/[\w.~-]+)+$`).MatchString(text) {
		return "", fmt.Errorf("%q is not a path such as /metrics", text)
	}
	if text == "/probe" || strings.HasPrefix(text, "/-/") || strings.HasPrefix(text, "/debug/") {
		return "", fmt.Errorf("%s is taken", text)
	}
	return text, nil
}

// validate checks what no flag can say alone.
func (o *options) validate() error {
	if len(o.accounts) == 0 {
		return errors.New("no account: set --cloudflare.account-id or $CLOUDFLARE_ACCOUNT_ID, or try --demo")
	}
	if o.tokenFile == "" && o.token == "" {
		o.token = os.Getenv("CLOUDFLARE_API_TOKEN")
		if o.token == "" {
			return errors.New("no token: set --cloudflare.api-token-file or $CLOUDFLARE_API_TOKEN")
		}
		if err := collector.CheckToken(o.token); err != nil {
			return fmt.Errorf("$CLOUDFLARE_API_TOKEN: %w", err)
		}
	}
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

// startDemo starts the simulated API on a loopback port, and points the options
// at it.
func (o *options) startDemo(ctx context.Context) (stop func(), err error) {
	const token = "demo"
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: cfapitest.Demo(token, time.Now), ReadHeaderTimeout: readHeaderTimeout}
	go func() { _ = server.Serve(listener) }()
	o.token, o.tokenFile = token, ""
	o.apiURL = "http://" + listener.Addr().String()
	o.accounts = []collector.Account{
		{ID: cfapitest.DemoProdID, Name: cfapitest.DemoProdName},
		{ID: cfapitest.DemoLabID, Name: cfapitest.DemoLabName},
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

// wire builds the exporter.
func (o *options) wire(logger log.Logger) (http.Handler, error) {
	self := prometheus.NewRegistry()
	api := collector.NewAPIMetrics(self)
	cfg := config.HTTPClientConfig{
		Authorization: &config.Authorization{Type: "Bearer", CredentialsFile: o.tokenFile},
		EnableHTTP2:   true,
		ProxyConfig:   config.ProxyConfig{ProxyFromEnvironment: true},
	}
	if o.tokenFile == "" {
		cfg.Authorization.Credentials = config.Secret(strings.TrimSpace(o.token))
	}
	credential, err := collector.NewCredential("default", cfg, o.apiURL, program+"/"+version.Version, api)
	if err != nil {
		return nil, err
	}
	if err := credential.Check(); err != nil {
		return nil, fmt.Errorf("--cloudflare.api-token-file: %w", err)
	}
	for i := range o.accounts {
		o.accounts[i].API = credential.Client
	}
	self.MustRegister(
		// go_memstats_alloc_bytes and go_memstats_alloc_bytes_total are one name
		// in OpenMetrics, which does not allow that.
		collectors.NewGoCollector(collectors.WithGoCollectorMemStatsMetricsDisabled()),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		versioncollector.NewCollector(program),
		collector.LimitsCollector{credential},
	)
	exporter := collector.NewExporter(o.accounts, collector.Options{
		Series:      collector.SeriesMode(o.series),
		Timeout:     o.timeout,
		Concurrency: o.concurrency,
		Logger:      stamped(logger),
	}, api)
	routes := collector.Routes{
		Handler: &collector.Handler{
			Exporter: exporter, Self: self, Timeout: o.timeout, Offset: o.offset, Logger: stamped(logger),
		},
		MetricsPath: o.metricsPath,
		MaxRequests: o.maxRequests,
		Credentials: []*collector.Credential{credential},
		Version:     version.Info(),
		Pprof:       o.pprof,
	}
	return routes.Mux()
}

const (
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 5 * time.Minute // longer than the usual scrape intervals
	drainTimeout      = 5 * time.Second // on top of what a scrape may take
)

// serve serves until ctx ends, then until what is in flight has been answered.
func (o *options) serve(ctx context.Context, handler http.Handler, logger log.Logger, announce func(net.Addr)) error {
	uncancelled := context.WithoutCancel(ctx)
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
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
	drain, cancel := context.WithTimeout(uncancelled, o.timeout+drainTimeout)
	defer cancel()
	return server.Shutdown(drain)
}
