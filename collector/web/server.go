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

// A Server serves a handler as exporter-toolkit does. It also shuts down.
type Server struct {
	Handler  http.Handler
	Toolkit  *toolkit.FlagConfig
	Timeout  time.Duration  // maximum duration of a scrape
	Logger   log.Logger     // without a time, which each line gets
	OnListen func(net.Addr) // if not nil, called with each address
}

// Serve serves until ctx is done, then finishes the requests in flight.
func (s *Server) Serve(ctx context.Context) error {
	uncancelled := context.WithoutCancel(ctx)
	bridge := slog.New(newBridge(s.Logger))
	server := &http.Server{
		Handler:           limitBody(s.Handler),
		ReadHeaderTimeout: readHeaderTimeout,
		WriteTimeout:      s.Timeout + sendTimeout, // a client that does not read must not block others
		IdleTimeout:       idleTimeout,
		ErrorLog:          slog.NewLogLogger(bridge.Handler(), slog.LevelWarn),
		BaseContext: func(l net.Listener) context.Context {
			_, _ = daemon.SdNotify(false, daemon.SdNotifyReady) // to systemd, if it started the process
			if s.OnListen != nil {
				s.OnListen(l.Addr())
			}
			return uncancelled
		},
	}
	failed := make(chan error, 1)
	go func() { failed <- toolkit.ListenAndServe(server, s.Toolkit, bridge) }()
	select {
	case err := <-failed:
		return fmt.Errorf("--web.listen-address: %w", err)
	case <-ctx.Done():
	}
	logger := log.With(s.Logger, "ts", log.DefaultTimestampUTC)
	level.Info(logger).Log("msg", "shutting down")
	drain, cancel := context.WithTimeout(uncancelled, s.Timeout+drainTimeout)
	defer cancel()
	if err := server.Shutdown(drain); err != nil {
		level.Warn(logger).Log("msg", "shutdown timed out, closing requests in flight", "err", err)
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
