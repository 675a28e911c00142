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

const prometheusVersion = "v0.316.0" // the Go module of Prometheus 3.16

// The programs under test.
var exporterBinary, prometheusBinary, alertmanagerBinary, amtoolBinary string

var dependencies = []struct {
	binary  *string
	program string
}{
	{&prometheusBinary, "github.com/prometheus/prometheus/cmd/prometheus@" + prometheusVersion},
	// The newest version that go install can build. Later modules lack the user interface.
	{&alertmanagerBinary, "github.com/prometheus/alertmanager/cmd/alertmanager@v0.31.1"},
	{&amtoolBinary, "github.com/prometheus/alertmanager/cmd/amtool@v0.34.2"},
}

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "e2e")
	if err == nil {
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder, and nobody reads the error
		exporterBinary = filepath.Join(dir, "exporter")
		err = command("../..", nil, "go", "build", "-o", exporterBinary, ".")
	}
	for _, i := range dependencies {
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

// install builds program@version and returns the path of the binary. The build takes
// minutes, so it is cached, in the same folder as the tools of .ci/run.
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
	// Without remove_all_sd, most of Prometheus is service discovery for clouds.
	return binary, command(".", []string{"GOBIN=" + dir, "CGO_ENABLED=0"},
		"go", "install", "-trimpath", "-tags=netgo,remove_all_sd", program)
}

// command runs a program. Its error contains the output.
func command(dir string, env []string, name string, args ...string) error {
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, out)
	}
	return nil
}
