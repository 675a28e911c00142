// Package e2e runs the exporter's demo and a real Prometheus that scrapes it.
package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

const prometheusVersion = "v0.316.0" // Prometheus 3.16; the module counts differently

// The programs under test.
var exporterBinary, prometheusBinary string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "e2e")
	if err == nil {
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder, and nobody left to tell
		exporterBinary = filepath.Join(dir, "exporter")
		err = command("../..", nil, "go", "build", "-o", exporterBinary, ".")
	}
	if err == nil {
		err = installPrometheus()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// installPrometheus keeps the binary where .ci/run keeps its tools, since
// building it takes minutes.
func installPrometheus() error {
	cache, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	dir := filepath.Join(cache, "cloudflare_pcap_exporter", "bin", "prometheus@"+prometheusVersion)
	prometheusBinary = filepath.Join(dir, "prometheus")
	if _, err := os.Stat(prometheusBinary); err == nil {
		return nil
	}
	// Service discovery of clouds is most of Prometheus, and of no use here.
	return command(".", []string{"GOBIN=" + dir, "CGO_ENABLED=0"},
		"go", "install", "-trimpath", "-tags=netgo,remove_all_sd",
		"github.com/prometheus/prometheus/cmd/prometheus@"+prometheusVersion)
}

func command(dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}
