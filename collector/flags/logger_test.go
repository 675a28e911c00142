package flags

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
)

func TestNewLogger(t *testing.T) {
	for args, want := range map[string]string{
		"":                  "level=info msg=x\nlevel=error msg=x\n",
		"--log.level=debug": "level=debug msg=x\nlevel=info msg=x\nlevel=error msg=x\n",
		"--log.level=error": "level=error msg=x\n",
		"--log.format=json": `{"level":"info","msg":"x"}` + "\n" + `{"level":"error","msg":"x"}` + "\n",
	} {
		f, err := parse(args)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		logger, flush := f.NewLogger(&out)
		level.Debug(logger).Log("msg", "x")
		level.Info(logger).Log("msg", "x")
		level.Error(logger).Log("msg", "x")
		flush()
		if out.String() != want {
			t.Errorf("%q: got %q, want %q", args, out.String(), want)
		}
	}
}

// All lines have the same keys, whoever writes them.
func TestBridge(t *testing.T) {
	for _, format := range []string{"logfmt", "json"} {
		f, err := parse("--log.format=" + format)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		logger, flush := f.NewLogger(&out)
		bridge := slog.New(NewBridge(logger)).With("a", 1).WithGroup("g")
		bridge.Info("listening", "address", ":1")
		slog.NewLogLogger(bridge.Handler(), slog.LevelWarn).Print("http: TLS handshake error from 127.0.0.1:1: EOF") // a TCP health check
		slog.NewLogLogger(bridge.Handler(), slog.LevelWarn).Print("http: panic serving")
		flush()
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if len(lines) != 2 || strings.Contains(out.String(), "handshake") {
			t.Fatalf("got %q, want the listening and the panic", lines)
		}
		for _, line := range lines {
			if n := strings.Count(line, "ts"); n != 1 || strings.Contains(line, "time") {
				t.Errorf("%s: want one time with the key ts", line)
			}
			if format == "json" && !json.Valid([]byte(line)) {
				t.Errorf("invalid JSON: %s", line)
			}
		}
	}
}

// If nobody reads the log, lines are dropped and counted, and no caller waits.
func TestLogIsNotRead(t *testing.T) {
	r, w := io.Pipe()
	f, err := parse("--log.format=json")
	if err != nil {
		t.Fatal(err)
	}
	logger, flush := f.NewLogger(w)
	for range 5000 {
		level.Info(logger).Log("msg", "x")
	}
	flush()
	read := make(chan string)
	go func() {
		text, _ := io.ReadAll(r)
		read <- string(text)
	}()
	flush()
	level.Info(logger).Log("msg", "y")
	flush()
	_ = w.Close()
	text := <-read
	x, y := strings.Count(text, `"msg":"x"`), strings.Count(text, `"msg":"y"`)
	if x < logLines || x > logLines+2 || y != 1 || !strings.Contains(text, `"lines":`) {
		t.Errorf("%d and %d lines of 5000 and 1, ending with %s", x, y, text[max(0, len(text)-300):])
	}
}

// If the log cannot be written, the exporter continues.
func TestLogIsClosed(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	writer := newLogWriter(w, func(int64) {})
	if n, err := log.NewSyncWriter(writer).Write([]byte("x\n")); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	writer.flush()
}
