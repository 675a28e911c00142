// Command cloudflare_pcap_exporter exports Cloudflare's packet captures as
// Prometheus metrics.
package main

import (
	"context"
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

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
	sloggokit "github.com/tjhop/slog-gokit"

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
	f, err := flags.Parse(args, stdout)
	if err != nil || f == nil {
		return err
	}
	if f.HealthCheck {
		return health.Check(ctx, (*f.Web.WebListenAddresses)[0])
	}
	announce := func(net.Addr) {}
	if f.Demo {
		stop, err := startDemo(ctx, f)
		if err != nil {
			return err
		}
		defer stop()
		announce = func(addr net.Addr) {
			// Any address is one to listen at, but not one to open.
			_, _ = fmt.Fprintf(stdout, demoText, strings.Replace(addr.String(), "[::]", "localhost", 1))
		}
	}
	if err := f.Validate(); err != nil {
		return err
	}
	logger := f.NewLogger(stderr)
	app, err := f.App(stamped(logger))
	if err != nil {
		return err
	}
	if f.Check {
		_, err := fmt.Fprintln(stdout, "the configuration is valid")
		return err
	}
	level.Info(stamped(logger)).Log("msg", "starting", "version", version.Info(), "build", version.BuildContext())
	go reloadOnHangup(ctx, hangup, app)
	return serve(ctx, f, app, logger, announce)
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

// startDemo starts the simulated API on a loopback port, and points the flags at
// it.
func startDemo(ctx context.Context, f *flags.Flags) (stop func(), err error) {
	const token = "demo"
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: cfapitest.Demo(token, time.Now), ReadHeaderTimeout: readHeaderTimeout}
	go func() { _ = server.Serve(listener) }()
	f.Simulate("http://"+listener.Addr().String(), token,
		collector.AccountConfig{ID: cfapitest.DemoProdID, Name: cfapitest.DemoProdName, Credential: collector.DefaultCredential},
		collector.AccountConfig{ID: cfapitest.DemoLabID, Name: cfapitest.DemoLabName, Credential: collector.DefaultCredential})
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

// stamped adds the time and the caller to each line.
func stamped(logger log.Logger) log.Logger {
	return log.With(logger, "ts", log.DefaultTimestampUTC, "caller", log.DefaultCaller)
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
func serve(ctx context.Context, f *flags.Flags, handler http.Handler, logger log.Logger, announce func(net.Addr)) error {
	uncancelled := context.WithoutCancel(ctx)
	server := &http.Server{
		Handler:           impatient(handler),
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      f.Timeout + sendTimeout, // else scrapers that do not read would keep others out for ever
		IdleTimeout:       idleTimeout,
		BaseContext: func(l net.Listener) context.Context {
			announce(l.Addr())
			return uncancelled
		},
	}
	bridge := slog.New(sloggokit.NewGoKitHandler(logger, nil))
	server.ErrorLog = slog.NewLogLogger(bridge.Handler(), slog.LevelWarn)
	failed := make(chan error, 1)
	go func() { failed <- web.ListenAndServe(server, f.Web, bridge) }()
	select {
	case err := <-failed:
		return fmt.Errorf("--web.listen-address: %w", err)
	case <-ctx.Done():
	}
	level.Info(stamped(logger)).Log("msg", "shutting down")
	drain, cancel := context.WithTimeout(uncancelled, f.Timeout+drainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		level.Warn(stamped(logger)).Log("msg", "requests in flight are cut off", "err", err)
		return server.Close()
	}
	return nil
}
