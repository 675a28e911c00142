package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	toolkit "github.com/prometheus/exporter-toolkit/web"
)

const (
	readHeaderTimeout = 5 * time.Second // also for a body, which no request needs
	idleTimeout       = 5 * time.Minute // longer than the usual scrape intervals
	sendTimeout       = 5 * time.Second // in addition to a scrape
	drainTimeout      = 5 * time.Second // in addition to a scrape
)

// Serve serves as exporter-toolkit does until ctx is done, then finishes the requests in flight.
// The logger must add no time, because Serve does. If onListen is not nil, it is called with each
// address.
func (h *Handler) Serve(ctx context.Context, flags *toolkit.FlagConfig, logger log.Logger, onListen func(net.Addr)) error {
	uncancelled := context.WithoutCancel(ctx)
	bridge := slog.New(newBridge(logger))
	server := &http.Server{
		Handler:           limitBody(h),
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      h.options.Timeout + sendTimeout, // a client that does not read must not block others
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(bridge.Handler(), slog.LevelWarn),
		BaseContext: func(l net.Listener) context.Context {
			_, _ = daemon.SdNotify(false, daemon.SdNotifyReady) // to systemd, if it started the process
			if onListen != nil {
				onListen(l.Addr())
			}
			return uncancelled
		},
	}
	failed := make(chan error, 1)
	go func() { failed <- toolkit.ListenAndServe(server, flags, bridge) }()
	select {
	case err := <-failed:
		return fmt.Errorf("--web.listen-address: %w", err)
	case <-ctx.Done():
	}
	level.Info(h.options.Logger).Log("msg", "shutting down")
	drain, cancel := context.WithTimeout(uncancelled, h.options.Timeout+drainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		level.Warn(h.options.Logger).Log("msg", "shutdown timed out, closing requests in flight", "err", err)
		return server.Close()
	}
	return nil
}

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

// IsTemporary reports whether Serve may succeed after a restart, because the address may
// appear, or the port may become free.
func IsTemporary(err error) bool {
	return errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EADDRNOTAVAIL)
}
