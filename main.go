// Command cloudflare_pcap_exporter exports Cloudflare's packet captures as Prometheus
// metrics.
package main

import (
	"context"
	"fmt"
	"io"
	stdlog "log"
	"net"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/common/version"

	"cloudflare_pcap_exporter/collector/config"
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

// run runs the program until ctx is done and the scrapes in flight are finished.
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
	if err := f.Validate(); err != nil {
		return err
	}
	untimed := newLogger(stderr, f)
	logger := log.With(untimed, "ts", log.DefaultTimestampUTC, "caller", log.DefaultCaller)
	f.Logger = logger

	var cfg *config.Config
	var onListen func(net.Addr)
	if f.Demo {
		api, err := demo.Start(ctx, f.Faults)
		if err != nil {
			return err
		}
		defer api.Close()
		cfg, f.Accounts.BaseURL = api.Config, api.URL
		onListen = func(addr net.Addr) { demo.Announce(stdout, addr) }
	} else {
		if cfg, err = f.Config(); err != nil {
			return err
		}
		for _, line := range f.Unused(cfg) {
			level.Info(logger).Log("msg", line)
		}
	}

	handler, err := web.New(ctx, cfg, f.Options)
	if err != nil {
		return fmt.Errorf("%s: %w", f.CredentialFlag(), err)
	}
	if f.Check {
		_, err := fmt.Fprintln(stdout, "the configuration is valid")
		return err
	}
	level.Info(logger).Log("msg", "starting", "version", version.Info(), "build", version.BuildContext())
	go handler.Discover(ctx)
	go reloadOnHangup(ctx, hangup, handler)
	if f.Demo {
		go demo.Scrape(ctx, handler, f.MetricsPath)
	}
	return handler.Serve(ctx, f.Toolkit, untimed, onListen)
}

// newLogger returns a logger without a time, as Serve wants it.
func newLogger(w io.Writer, f *flags.Flags) log.Logger {
	w = log.NewSyncWriter(w)
	logger := log.NewLogfmtLogger(w)
	if f.LogFormat == "json" {
		logger = log.NewJSONLogger(w)
	}
	return level.NewFilter(logger, level.Allow(level.ParseDefault(f.LogLevel, level.InfoValue())))
}

// reloadOnHangup reloads on each signal until ctx is done.
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

// exitTemporary is the exit status after an error that a restart may fix. It is EX_TEMPFAIL
// of sysexits.h.
const exitTemporary = 75

func exitStatus(err error) int {
	if web.IsTemporary(err) {
		return exitTemporary
	}
	return 1
}
