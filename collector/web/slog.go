package web

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/go-kit/log"
	sloggokit "github.com/tjhop/slog-gokit"
)

// bridge is the slog handler for the toolkit and for net/http, neither of which derives loggers.
// It drops the time of slog, because go-kit adds the time with another key.
type bridge struct{ slog.Handler }

// newBridge returns a slog handler on top of a logger without a time.
func newBridge(logger log.Logger) slog.Handler {
	return bridge{sloggokit.NewGoKitHandler(log.With(logger, "ts", log.DefaultTimestampUTC), slog.LevelDebug)}
}

// Handle implements slog.Handler.
func (b bridge) Handle(ctx context.Context, r slog.Record) error {
	r.Time = time.Time{}
	if strings.HasPrefix(r.Message, "http: TLS handshake error") {
		r.Level = slog.LevelDebug // also from each TCP health check
	}
	return b.Handler.Handle(ctx, r)
}
