// Command bench compares the exporter with programs that do less work with the same libraries
// or the same work with others, and prints tables in Markdown. deploy/docs/performance.md
// explains them.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
)

// What is measured.
const (
	exporter     = "exporter"
	ordinary     = "ordinary exporter"
	decode       = "jsontext"
	sdk          = "Cloudflare's SDK"
	jsonExporter = "json_exporter"
)

// A batch must allocate enough for several garbage collections, or else their share varies.
var (
	long = []setup{
		{1, 1, 1, 10, 50, 5}, {1, 50, 5, 25, 60, 5}, {1, 1000, 1, 15, 10, 3}, {1, 100_000, 1, 7, 1, 1},
		{100, 50, 1, 20, 2, 2}, {1000, 50, 1, 7, 1, 1},
	}
	short = []setup{{1, 50, 2, 5, 40, 1}, {1, 100_000, 1, 3, 1, 0}, {100, 50, 1, 3, 2, 1}}
)

func main() {
	setups := long
	flag.BoolFunc("short", "measure fewer sizes, and each less often", func(string) error { setups = short; return nil })
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, setups)
	stop()
	if err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, setups []setup) error {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	programs, err := build(ctx, dir)
	if err != nil {
		return err
	}
	var results []*result
	for _, s := range setups {
		log.Printf("measuring %d accounts of %d captures", s.accounts, s.captures)
		r, err := measure(ctx, programs, s)
		if err != nil {
			return fmt.Errorf("%d accounts of %d captures: %w", s.accounts, s.captures, err)
		}
		results = append(results, r)
	}
	write(results, programs)
	return nil
}

// build builds the programs as a release is built, and returns their paths.
func build(ctx context.Context, dir string) (map[string]string, error) {
	programs := make(map[string]string)
	for name, source := range map[string]string{exporter: "../..", ordinary: "./ordinary", sdk: "./sdk"} {
		programs[name] = filepath.Join(dir, name)
		cmd := exec.CommandContext(ctx, "go", "build", "-C", source, "-trimpath", "-ldflags", "-s -w", "-o", programs[name], ".") //nolint:gosec // constants
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build -C %s: %w\n%s", source, err, out)
		}
	}
	if path := os.Getenv("JSON_EXPORTER"); path != "" {
		programs[jsonExporter] = path
	}
	return programs, os.WriteFile(filepath.Join(dir, "json_exporter.yml"), []byte(jsonConfig), 0o600)
}

// jsonConfig has json_exporter export each capture. It cannot count them.
const jsonConfig = `modules:
  default:
    headers: {Authorization: Bearer token}
    metrics:
      - name: capture
        type: object
        path: '{.result[*]}'
        labels: {id: '{.id}', status: '{.status}', type: '{.type}', system: '{.system}', colo: '{.colo_name}'}
        values: {packets_captured: '{.packets_captured}'}
`
