// Command cloudflare_pcap_exporter exports Cloudflare's packet captures as Prometheus
// metrics.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	stdlog "log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/common/version"
	toolkit "github.com/prometheus/exporter-toolkit/web"

	"cloudflare_pcap_exporter/collector/demo"
	"cloudflare_pcap_exporter/collector/flags"
	"cloudflare_pcap_exporter/collector/web"
)

func main() {
	if info, ok := debug.ReadBuildInfo(); ok && version.Version == "" {
		version.Version = info.Main.Version
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)   // a second signal kills the process
	signal.Ignore(syscall.SIGPIPE) // a closed log must not end the process
	stdlog.SetOutput(io.Discard)   // net/http logs unsolicited responses there
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintf(os.Stderr, "%s: error: %v\n", web.Name, err)
		os.Exit(exitStatus(err))
	}
}

// run runs the program until ctx ends and the scrapes in flight are finished.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	hangup := make(chan os.Signal, 1) // registered early: an unhandled SIGHUP kills the process
	signal.Notify(hangup, syscall.SIGHUP)
	defer signal.Stop(hangup)
	f, err := flags.Parse(args, stdout)
	if err != nil || f == nil {
		return err
	}
	if f.HealthCheck {
		return web.CheckHealth(ctx, (*f.Toolkit.WebListenAddresses)[0])
	}
	onListen := func(net.Addr) {}
	if f.Demo {
		api, err := demo.Start(ctx)
		if err != nil {
			return err
		}
		defer api.Close()
		f.Simulate(api.URL, api.Token, api.Accounts)
		onListen = func(addr net.Addr) { demo.Announce(stdout, addr) }
	}
	if err := f.Validate(ctx); err != nil {
		return err
	}
	logger, flush := f.NewLogger(stderr)
	defer flush()
	handler, err := f.NewHandler(ctx, withTimestamp(logger))
	if err != nil {
		return err
	}
	if f.Check {
		_, err := fmt.Fprintln(stdout, "the configuration is valid")
		return err
	}
	level.Info(withTimestamp(logger)).Log("msg", "starting", "version", version.Info(), "build", version.BuildContext())
	go handler.Discover(ctx)
	go reloadOnHangup(ctx, hangup, handler)
	if f.Demo {
		go demo.Scrape(ctx, handler, f.MetricsPath)
	}
	return serve(ctx, f, handler, logger, onListen)
}

// reloadOnHangup reloads on each signal until ctx ends.
func reloadOnHangup(ctx context.Context, hangup <-chan os.Signal, handler *web.Handler) {
	for {
		select {
		case <-hangup:
			_ = handler.Reload(ctx) // it logs its error
		case <-ctx.Done():
			return
		}
	}
}

// withTimestamp adds time and caller to each line.
func withTimestamp(logger log.Logger) log.Logger {
	return log.With(logger, "ts", log.DefaultTimestampUTC, "caller", log.DefaultCaller)
}

// exitTemporary is the exit status after an error that may be gone after a restart, unlike a bad
// flag or file. It is EX_TEMPFAIL of sysexits.h.
const exitTemporary = 75

func exitStatus(err error) int {
	listen, ok := errors.AsType[*net.OpError](err)
	_, badAddress := errors.AsType[*net.AddrError](err)
	if ok && listen.Op == "listen" && !badAddress && !errors.Is(err, fs.ErrPermission) {
		return exitTemporary // the address may appear, or the port may become free
	}
	return 1
}

const (
	readHeaderTimeout = 5 * time.Second  // also for a body, which no request needs
	idleTimeout       = 5 * time.Minute  // longer than the usual scrape intervals
	sendTimeout       = 20 * time.Second // in addition to --scrape.timeout
	drainTimeout      = 5 * time.Second  // in addition to --scrape.timeout
)

// limitBody closes the connection of a request whose body does not arrive. A
// ReadTimeout would abort profiles, too.
func limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Body != http.NoBody {
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(readHeaderTimeout))
		}
		next.ServeHTTP(w, r)
	})
}

// serve serves until ctx ends, then finishes the requests in flight.
func serve(ctx context.Context, f *flags.Flags, handler http.Handler, logger log.Logger, onListen func(net.Addr)) error {
	uncancelled := context.WithoutCancel(ctx)
	server := &http.Server{
		Handler:           limitBody(handler),
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      f.Timeout + sendTimeout, // a client that does not read must not block others
		IdleTimeout:       idleTimeout,
		BaseContext: func(l net.Listener) context.Context {
			_, _ = daemon.SdNotify(false, daemon.SdNotifyReady) // to systemd, if it started the process
			onListen(l.Addr())
			return uncancelled
		},
	}
	bridge := slog.New(flags.NewBridge(logger))
	server.ErrorLog = slog.NewLogLogger(bridge.Handler(), slog.LevelWarn)
	failed := make(chan error, 1)
	go func() { failed <- toolkit.ListenAndServe(server, f.Toolkit, bridge) }()
	select {
	case err := <-failed:
		return fmt.Errorf("--web.listen-address: %w", err)
	case <-ctx.Done():
	}
	level.Info(withTimestamp(logger)).Log("msg", "shutting down")
	drain, cancel := context.WithTimeout(uncancelled, f.Timeout+drainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		level.Warn(withTimestamp(logger)).Log("msg", "shutdown timed out, closing requests in flight", "err", err)
		return server.Close()
	}
	return nil
}
