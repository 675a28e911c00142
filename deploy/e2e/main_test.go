// Package e2e runs the exporter with a real Prometheus and a real Alertmanager.
package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

const prometheusVersion = "v0.316.0" // Prometheus 3.16; the module counts differently

// The programs under test.
var exporterBinary, prometheusBinary, alertmanagerBinary string

var installed = []struct {
	binary  *string
	program string
}{
	{&prometheusBinary, "github.com/prometheus/prometheus/cmd/prometheus@" + prometheusVersion},
	// The newest that go install can build: later ones lack their user interface.
	{&alertmanagerBinary, "github.com/prometheus/alertmanager/cmd/alertmanager@v0.31.1"},
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "e2e")
	if err == nil {
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder, and nobody left to tell
		exporterBinary = filepath.Join(dir, "exporter")
		err = command("../..", nil, "go", "build", "-o", exporterBinary, ".")
	}
	for _, i := range installed {
		if err == nil {
			*i.binary, err = install(i.program)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// install builds a program@version. It keeps the binary where .ci/run keeps its
// tools, since that takes minutes.
func install(program string) (binary string, err error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir := filepath.Join(cache, "cloudflare_pcap_exporter", "bin", path.Base(program))
	name, _, _ := strings.Cut(path.Base(program), "@")
	binary = filepath.Join(dir, name)
	if _, err := os.Stat(binary); err == nil {
		return binary, nil
	}
	// Service discovery of clouds is most of Prometheus, and of no use here.
	return binary, command(".", []string{"GOBIN=" + dir, "CGO_ENABLED=0"},
		"go", "install", "-trimpath", "-tags=netgo,remove_all_sd", program)
}

func command(dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}
