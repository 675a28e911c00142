package e2e

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// account is the account id in the examples of the documentation.
const account = "023e105f4ecef8ad9ca31a8372d0c353"

// pageBlocks returns the code blocks of a page, from a heading on.
func pageBlocks(t *testing.T, page, heading string) (blocks []string) {
	t.Helper()
	_, text, found := strings.Cut(read(t, "../../"+page), heading+"\n")
	if !found {
		t.Fatalf("%s has no heading %s", page, heading)
	}
	for _, match := range regexp.MustCompile("(?ms)^( *)```\\w*\n(.*?)^ *```$").FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, strings.ReplaceAll("\n"+match[2], "\n"+match[1], "\n")[1:])
	}
	return blocks
}

// shell runs a script in a folder and returns its output. The token is pasted into it.
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
		t.Fatalf("%v: %s\nof\n%s", err, &stderr, script)
	}
	return string(out)
}

// The quick start works to the letter, from git clone to Prometheus. The repository and the
// API are local, and Prometheus scrapes more often.
func TestQuickStart(t *testing.T) {
	blocks := pageBlocks(t, "README.md", "## Quick start")
	build, token, run, look, want, config := blocks[0], blocks[1], blocks[2], blocks[3], blocks[4], blocks[5]
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	env := []string{
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url." + root + ".insteadOf",
		"GIT_CONFIG_VALUE_0=https://github.com/example/cloudflare_pcap_exporter",
		"CLOUDFLARE_BASE_URL=" + newRunbookAPI(t).URL,
	}
	shell(t, dir, build+token, env...)
	checkout := filepath.Join(dir, "cloudflare_pcap_exporter")
	exporter := exec.CommandContext(t.Context(), "bash", "-c", "exec "+run)
	exporter.Dir, exporter.Env = checkout, append(os.Environ(), env...)
	var log bytes.Buffer
	exporter.Stderr = &log
	if err := exporter.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = exporter.Wait() // it was killed
		if t.Failed() {
			t.Log(&log)
		}
	})
	eventually(t, func() error { return exec.CommandContext(t.Context(), "bash", "-c", look).Run() })
	if got := shell(t, dir, look); got != want || !strings.Contains(got, account) {
		t.Errorf("got %s, want %s", got, want)
	}
	p := evaluate(t, strings.Replace(config, "scrape_interval: 1m", "scrape_interval: 1s", 1), strings.Clone)
	eventually(t, p.want("account", "cloudflare_pcap_up", map[string]float64{account: 1}))
}

// The commands of the page about tokens write the token and try it.
func TestTokenPage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	api := newRunbookAPI(t)
	script := strings.Join(pageBlocks(t, "deploy/docs/token.md", "# How do I get a token?"), "")
	out := shell(t, dir, strings.ReplaceAll(script, "https://api.cloudflare.com/client/v4", api.URL))
	if got := strings.ReplaceAll(out, " ", ""); !strings.Contains(got, `"success":true`) {
		t.Errorf("got %s", out)
	}
	info, err := os.Stat(filepath.Join(dir, "token"))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("got %v, %v", info, err)
	}
}

// The command of the page about accounts accepts its configuration file.
func TestAccountsPage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blocks := pageBlocks(t, "deploy/docs/accounts.md", "# How do I export several accounts?")
	write(t, filepath.Join(dir, "config.yml"), strings.ReplaceAll(blocks[0], "/run/secrets", dir))
	for _, file := range []string{"cloudflare", "lab"} {
		write(t, filepath.Join(dir, file), secret+"\n")
	}
	script := fmt.Sprintf("cloudflare_pcap_exporter() { %s \"$@\"; }\n%s", exporterBinary, blocks[1])
	shell(t, dir, script)
}
