package e2e

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// pageBlocks returns the code blocks of a page after a heading.
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

// TestQuickStart runs the quick start as it is printed, from git clone to a page. Only the
// repository and the API are local, and Prometheus and Alertmanager do not wait as long.
func TestQuickStart(t *testing.T) {
	blocks := pageBlocks(t, "README.md", "## Quick start")
	build, token, run, check, want := blocks[0], blocks[1], blocks[2], blocks[3], blocks[4]
	config, route, testAlert := blocks[5], blocks[6], blocks[7]
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
	eventually(t, func() error { return exec.CommandContext(t.Context(), "bash", "-c", check).Run() })
	if got := shell(t, dir, check); got != want || !strings.Contains(got, account) {
		t.Errorf("got %s, want %s", got, want)
	}

	receivers := newInbox(t)
	am := startAlertmanagerWith(t, "route:\n  receiver: other\n  group_wait: 1s\n  routes:\n"+route+
		"receivers:\n- name: other\n- name: pager\n  webhook_configs: [{url_file: "+filepath.Join(receivers.secrets, "page_url")+"}]\n")
	p := startPrometheus(t, strings.NewReplacer("scrape_interval: 1m", "scrape_interval: 1s", "localhost:9093", am.addr).Replace(config), strings.Clone)
	eventually(t, p.want("account", "cloudflare_pcap_up", map[string]float64{account: 1}))
	eventually(t, p.wantAlerting)
	before := time.Now()
	shell(t, dir, "amtool() { "+amtoolBinary+" \"$@\"; }\n"+strings.ReplaceAll(testAlert, "localhost:9093", am.addr))
	page := receivers.await(t, before, func(n notification) bool { return n.receiver == "page" })
	if !strings.Contains(page.text(), "This is a test") {
		t.Errorf("the page is %s", page.body)
	}
}

// TestOrganizationPage checks the configuration of Alertmanager on the page.
func TestOrganizationPage(t *testing.T) {
	t.Parallel()
	for _, block := range pageBlocks(t, "deploy/docs/your-organization.md", "## Severities") {
		if strings.Contains(block, "mute_time_intervals") {
			shell(t, t.TempDir(), "cat >c.yml <<'END'\n"+strings.Replace(block, "route:", "route:\n  receiver: page", 1)+
				"receivers: [{name: page}]\nEND\n"+amtoolBinary+" check-config c.yml")
			return
		}
	}
	t.Error("found no configuration")
}

// TestTokenPage runs the commands that write a token and try it.
func TestTokenPage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	api := newRunbookAPI(t)
	script := strings.Join(pageBlocks(t, "deploy/docs/token.md", "# How do I get a token?"), "")
	out := shell(t, dir, strings.ReplaceAll(script, "https://api.cloudflare.com/client/v4", api.URL))
	if got := strings.ReplaceAll(out, " ", ""); !strings.Contains(got, `"success":true`) {
		t.Errorf("the response is %s, want success", out)
	}
	info, err := os.Stat(filepath.Join(dir, "token"))
	if err != nil || info.Mode() != 0o600 {
		t.Errorf("token file: %v, %v, want mode 0600", info, err)
	}
}

// TestAccountsPage checks the configuration file of the page about accounts with the page's
// command.
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
