package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The accounts of the demo.
const (
	prodID   = "0c5e1f3a9b7d4e2688a1d4f6b3c97e50"
	prodName = "edge-prod"
	labID    = "7d2b90e46f1c4a35b8e3a6059c1fd842"
	labName  = "edge-lab"
)

// account is the account id in the examples of the documentation.
const account = "023e105f4ecef8ad9ca31a8372d0c353"

const secret = "e2e-secret-key" //nolint:gosec // not a real key

// demo starts an exporter with the embedded simulation of the API.
func demo(t *testing.T, args ...string) *process {
	t.Helper()
	return start(t, nil, exporterBinary, append([]string{"--demo", "--web.listen-address=127.0.0.1:0"}, args...)...)
}

// scrapeOnce requests the metrics of an exporter, as Prometheus does.
func scrapeOnce(t *testing.T, exporter *process) {
	t.Helper()
	if _, err := get(t, http.DefaultClient, "http://"+exporter.addr+"/metrics"); err != nil {
		t.Fatal(err)
	}
}

// get returns the body of a response. A status other than 200 is an error.
func get(t *testing.T, client *http.Client, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", resp.Status, body)
	}
	return string(body), err
}

const (
	polls        = 300
	pollInterval = 200 * time.Millisecond
)

// eventually repeats a check until it succeeds. After a minute it fails the test.
func eventually(t *testing.T, check func() error) {
	t.Helper()
	var err error
	for range polls {
		if err = check(); err == nil {
			return
		}
		time.Sleep(pollInterval)
	}
	t.Fatalf("after %d polls: %v", polls, err)
}

// shell runs a script in a folder and returns its output. It writes the secret to the standard
// input of the script.
func shell(t *testing.T, dir, script string, env ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", script)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = dir, append(os.Environ(), env...), &stderr
	cmd.Stdin = strings.NewReader(secret + "\n")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s\nscript:\n%s", err, &stderr, script)
	}
	return string(out)
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// speed is the usual divisor of all durations in configurations under test.
const speed = 60

var (
	duration = regexp.MustCompile(`\b(\d+)([smhd])\b`)
	units    = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour}
)

// speedUp divides each duration in a configuration.
func speedUp(config string, divisor time.Duration) string {
	return duration.ReplaceAllStringFunc(config, func(text string) string {
		found := duration.FindStringSubmatch(text)
		n, _ := strconv.Atoi(found[1]) // digits only
		return fmt.Sprintf("%dms", (time.Duration(n) * units[found[2]] / divisor).Milliseconds())
	})
}
