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
)

// codeBlocks returns the code blocks of all runbooks in a language, with the pages of each.
func codeBlocks(t *testing.T, language string) map[string][]string {
	t.Helper()
	block := regexp.MustCompile("(?ms)^ *```" + language + "\n(.*?)^ *```$")
	found := make(map[string][]string)
	pages, err := filepath.Glob("../runbooks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range pages {
		for _, match := range block.FindAllStringSubmatch(read(t, page), -1) {
			found[match[1]] = append(found[match[1]], filepath.Base(page))
		}
	}
	if len(found) == 0 {
		t.Fatalf("the runbooks have no code in %s", language)
	}
	return found
}

// TestRunbookQueries runs each query of the runbooks while the demo runs. Each must return
// series, after a comparison at its end is removed.
func TestRunbookQueries(t *testing.T) {
	t.Parallel()
	exporter := demo(t, "--collector.buckets", "--collector.token", "--collector.capture-series=all")
	p := scrape(t, "prometheus.yml", []*process{exporter})
	comparison := regexp.MustCompile(` (==|>) [\d.]+\s*$`)
	values := strings.NewReplacer("ACCOUNT", prodID, "INSTANCE", exporter.addr, "WORD", "failed")
	for query, pages := range codeBlocks(t, "promql") {
		query = comparison.ReplaceAllString(values.Replace(query), "")
		eventually(t, func() error {
			result, err := p.query("", query)
			if err == nil && len(result) == 0 {
				err = fmt.Errorf("%v: no result of %s", pages, query)
			}
			return err
		})
	}
}

// TestRunbookCommands runs each command of the runbooks. Each must succeed and print something.
// If the API refuses the account, each must print the API's error.
func TestRunbookCommands(t *testing.T) {
	t.Parallel()
	api := newRunbookAPI(t)
	dir := t.TempDir()
	for file, content := range map[string]string{"token": secret, "edit-token": editSecret, "challenge": secret} {
		write(t, filepath.Join(dir, file), content+"\n")
	}
	config := filepath.Join(dir, "config.yml")
	write(t, config, "accounts: [{id: "+prodID+"}]\ncredentials: {default: {authorization: {credentials_file: token}}}\n")
	exporter := start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0", "--web.enable-lifecycle",
		"--cloudflare.api-url="+api.URL, "--config.file="+config)
	run := func(script, id string) ([]byte, error) {
		values := strings.NewReplacer("https://api.cloudflare.com/client/v4", api.URL, "127.0.0.1:17227", exporter.addr,
			"ACCOUNT_ID=ACCOUNT\n", "ACCOUNT_ID="+id+"\n")
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", values.Replace(script))
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		return cmd.Output()
	}
	errorStatus := regexp.MustCompile(`\b40[0345]\b|Not Allowed|error \d`)
	for script, pages := range codeBlocks(t, "sh") {
		out, err := run(script, account)
		if err != nil || len(out) == 0 || errorStatus.Match(out) {
			t.Errorf("%v: error %v, output %q of\n%s", pages, err, out, script)
		}
		if strings.Contains(script, "HOURS=") && bytes.Contains(out, []byte("2020-")) {
			t.Errorf("%v: output %q contains old captures", pages, out)
		}
		if !strings.Contains(script, "ACCOUNT_ID") {
			continue
		}
		if out, err := run(script, refusedID); err != nil || !bytes.Contains(out, []byte(refusal)) {
			t.Errorf("%v: error %v, output %q without the API's error of\n%s", pages, err, out, script)
		}
	}
	for request, n := range api.requests {
		if n == 0 {
			t.Errorf("no runbook requests %s", request)
		}
	}
}

// TestRunbookPreparation runs the commands that prepare a runbook. They read files that the
// installation pages create, and the commands of these pages are run by other steps.
func TestRunbookPreparation(t *testing.T) {
	t.Parallel()
	const page, heading = "deploy/docs/api-errors.md", "## Commands in the runbooks"
	stubs := "sudo() { echo " + secret + "; }\nkubectl() { echo " + secret + " | base64; }\n"
	blocks := pageBlocks(t, page, heading)
	for _, script := range blocks[:2] {
		got := shell(t, t.TempDir(), stubs+script+blocks[2]+"stat -c %a .; cat token edit-token")
		if got != "700\n"+secret+"\n"+secret+"\n" {
			t.Errorf("got %q of\n%s", got, script)
		}
	}
	var installation strings.Builder
	for _, name := range []string{"docker", "compose", "kubernetes", "systemd"} {
		installation.WriteString(read(t, "../"+name+"/README.md"))
	}
	_, section, _ := strings.Cut(read(t, "../../"+page), heading)
	names := regexp.MustCompile(`[\w/.-]*cloudflare[-_][\w/.-]+`).FindAllString(section, -1)
	if len(names) < 10 {
		t.Errorf("found only the names %q", names)
	}
	for _, name := range names {
		if !strings.Contains(installation.String(), name) {
			t.Errorf("no installation page uses the name %s", name)
		}
	}
}
