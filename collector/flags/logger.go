package flags

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	sloggokit "github.com/tjhop/slog-gokit"
)

// NewLogger returns a logger that writes to w in the chosen format and at the chosen
// level. It never waits for w. flush waits for the lines to be written, for a second at
// most.
func (f *Flags) NewLogger(w io.Writer) (logger log.Logger, flush func()) {
	direct := f.newFormat(w)
	writer := newLogWriter(w, func(lines int64) {
		level.Warn(direct).Log("ts", log.DefaultTimestampUTC(), "msg", "log lines were dropped because nobody read them", "lines", lines)
	})
	return level.NewFilter(f.newFormat(writer), level.Allow(level.ParseDefault(f.logLevel, level.InfoValue()))), writer.flush
}

func (f *Flags) newFormat(w io.Writer) log.Logger {
	if f.logFormat == "json" {
		return log.NewJSONLogger(w)
	}
	return log.NewLogfmtLogger(w)
}

// bridge is the slog handler for the toolkit and for net/http. It drops the time of slog,
// because go-kit adds the time with another key.
type bridge struct{ slog.Handler }

// NewBridge returns a slog handler on top of a logger without a time.
func NewBridge(logger log.Logger) slog.Handler {
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

// WithAttrs implements slog.Handler.
func (b bridge) WithAttrs(attrs []slog.Attr) slog.Handler { return bridge{b.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (b bridge) WithGroup(name string) slog.Handler { return bridge{b.Handler.WithGroup(name)} }
