// Command bench compares the exporter with the floor in ./ordinary, and prints a table in
// Markdown. deploy/docs/performance.md explains it.
//
// $OTHER, the path of another build of the exporter, and $JSON_EXPORTER, the path of a
// json_exporter, take part if they are set.
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

// Batches allocate enough for several garbage collections, or else their share varies.
var (
	long  = []setup{{"/probe", 1, 50, 25, 60}, {"/metrics", 1, 50, 25, 60}, {"/probe", 1, 5000, 15, 10}, {"/metrics", 1000, 50, 7, 1}}
	short = []setup{{"/probe", 1, 50, 5, 40}, {"/metrics", 1, 50, 5, 40}, {"/metrics", 1000, 50, 3, 1}}
)

func main() {
	setups := long
	flag.BoolFunc("short", "measure each size less often", func(string) error { setups = short; return nil })
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
	fmt.Println("| path | accounts of captures | program | CPU time, ms | x-floor | duration, ms | peak memory, MiB | series |")
	fmt.Println("|---|---|---|--:|--:|--:|--:|--:|")
	for _, s := range setups {
		if err := s.measure(ctx, programs); err != nil {
			return fmt.Errorf("%s of %d accounts of %d captures: %w", s.path, s.accounts, s.captures, err)
		}
	}
	return nil
}

// build builds the programs as a release is built. The exporter is the first.
func build(ctx context.Context, dir string) (programs []program, err error) {
	config := filepath.Join(dir, "json_exporter.yml")
	if err := os.WriteFile(config, []byte(jsonConfig), 0o600); err != nil {
		return nil, err
	}
	for _, p := range []program{
		{"exporter", filepath.Join(dir, "exporter"), "../..", exporterArgs},
		{floor, filepath.Join(dir, "ordinary"), "./ordinary", func(_ setup, api, exporter string) []string { return []string{api, exporter} }},
		{"other build", os.Getenv("OTHER"), "", exporterArgs},
		{jsonExporter, os.Getenv("JSON_EXPORTER"), "", func(setup, string, string) []string { return []string{listen, "--config.file=" + config} }},
	} {
		if p.source != "" {
			cmd := exec.CommandContext(ctx, "go", "build", "-C", p.source, "-trimpath", "-ldflags", "-s -w", "-o", p.file, ".") //nolint:gosec // constants
			cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
			if out, err := cmd.CombinedOutput(); err != nil {
				return nil, fmt.Errorf("go build -C %s: %w\n%s", p.source, err, out)
			}
		}
		if p.file != "" {
			programs = append(programs, p)
		}
	}
	return programs, nil
}

const listen = "--web.listen-address=127.0.0.1:0"

func exporterArgs(s setup, api, _ string) []string {
	args := []string{listen, "--cloudflare.api-url=" + api, "--cloudflare.rate-limit=0", "--scrape.timeout=1m"}
	for i := range s.accounts {
		args = append(args, "--cloudflare.account-id="+id(i))
	}
	return args
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
