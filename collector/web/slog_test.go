package web

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
)

// All lines have the same keys, whoever writes them.
func TestBridge(t *testing.T) {
	var out strings.Builder
	logger := level.NewFilter(log.NewJSONLogger(&out), level.AllowInfo())
	bridge := slog.New(newBridge(logger))
	bridge.Info("listening", "address", ":1")
	slog.NewLogLogger(bridge.Handler(), slog.LevelWarn).Print("http: TLS handshake error from 127.0.0.1:1: EOF") // a TCP health check
	slog.NewLogLogger(bridge.Handler(), slog.LevelWarn).Print("http: panic serving")
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || strings.Contains(out.String(), "handshake") {
		t.Fatalf("got %q, want the listening and the panic", lines)
	}
	for _, line := range lines {
		if n := strings.Count(line, `"ts"`); n != 1 || strings.Contains(line, `"time"`) || !json.Valid([]byte(line)) {
			t.Errorf("%s: want JSON with one time, and the key ts", line)
		}
	}
}
