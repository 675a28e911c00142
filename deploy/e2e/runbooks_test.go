package e2e

import (
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
	pages, err := filepath.Glob("../runbooks/CloudflarePcap*.md")
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

// TestRunbookQueries runs each query of the runbooks while the demo with faults runs. Each must
// return series, after a comparison or what it excludes is removed from its end.
func TestRunbookQueries(t *testing.T) {
	t.Parallel()
	exporter := start(t, nil, exporterBinary, "--demo=faults", "--web.listen-address=127.0.0.1:0", "--collector.buckets", "--collector.tokens", "--collector.capture-series=all")
	p := scrape(t, "prometheus.yml", []*process{exporter})
	comparison := regexp.MustCompile(`( (==|>) [\d.]+| unless .*)\s*$`)
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
// If the API refuses the account, pcaps.sh must print the API's error.
func TestRunbookCommands(t *testing.T) {
	t.Parallel()
	api := newRunbookAPI(t)
	dir := t.TempDir()
	for file, content := range map[string]string{
		"token": secret, "edit-token": editSecret, "bucket": "s3://bucket/captures?region=us-east-1", "challenge": secret,
	} {
		write(t, filepath.Join(dir, file), content+"\n")
	}
	config := filepath.Join(dir, "config.yml")
	write(t, config, "accounts: [{id: "+prodID+"}]\ncredentials: {default: {authorization: {credentials_file: token}}}\n")
	exporter := start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0", "--web.enable-lifecycle",
		"--cloudflare.api-url="+api.URL, "--config.file="+config)
	run := func(script, id string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "bash", "-euo", "pipefail", "-c", strings.ReplaceAll(script, "127.0.0.1:17227", exporter.addr))
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "CLOUDFLARE_BASE_URL="+api.URL, "ACCOUNT="+id)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := exec.CommandContext(t.Context(), "cp", "../runbooks/pcaps.sh", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	errorStatus := regexp.MustCompile(`\b40[0345]\b|Not Allowed`)
	for script, pages := range codeBlocks(t, "sh") {
		out, err := run(script, account)
		if err != nil || out == "" || errorStatus.MatchString(out) {
			t.Errorf("%v: error %v, output %q of\n%s", pages, err, out, script)
		}
		if !strings.Contains(script, "pcaps.sh") {
			continue
		}
		want := refusal
		if strings.Contains(script, "pcaps.sh token") {
			want = "active" // for a user's token, which the endpoint of the account refuses
		}
		if out, _ := run(script, refusedID); !strings.Contains(out, want) {
			t.Errorf("%v: output %q without %q of\n%s", pages, out, want, script)
		}
	}
	for request, n := range api.requests {
		if n == 0 {
			t.Errorf("no runbook requests %s", request)
		}
	}
}

// TestScriptHidesSecrets checks that no process gets a secret as an argument, and that the script
// does not print the keys in a URI.
func TestScriptHidesSecrets(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "curl"), "#!/bin/bash\necho \"$@\" >>arguments\n[[ $* != *@-* ]] || cat >/dev/null\n"+
		`echo '{"success": true, "result": {"destination_conf": "r2://b?key=`+secret+`", "error_message": "r2://b?key=`+secret+` is full"}}'`+
		"\necho 200\n")
	out := shell(t, dir, "chmod +x curl; tee token edit-token bucket challenge >/dev/null; export PATH=.:$PATH ACCOUNT="+account+
		"; for command in list buckets token challenge validate; do "+runbooksDir(t)+"/pcaps.sh $command; done; cat arguments")
	if strings.Contains(out, secret) || strings.Count(out, account) != 5 || !strings.Contains(out, `"r2://b is full"`) {
		t.Errorf("got\n%s", out)
	}
}

func runbooksDir(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../runbooks")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestRunbookPreparation runs the commands that prepare a runbook. They read files that the
// installation pages create, and the commands of these pages are run by other steps.
func TestRunbookPreparation(t *testing.T) {
	t.Parallel()
	const page = "deploy/runbooks/README.md"
	stubs := "sudo() { echo " + secret + "; }\nkubectl() { echo " + secret + " | base64; }\ncurl() { cp " + runbooksDir(t) + "/pcaps.sh .; }\n"
	blocks := pageBlocks(t, page, "## API")
	prepare, kubernetes, edit := blocks[0], blocks[1], blocks[2]
	for _, script := range []string{prepare, prepare + "rm token\n" + kubernetes} {
		got := shell(t, t.TempDir(), stubs+script+edit+"stat -c %a .; ls pcaps.sh; cat token edit-token")
		if got != "700\npcaps.sh\n"+secret+"\n"+secret+"\n" {
			t.Errorf("got %q of\n%s", got, script)
		}
	}
	var installation strings.Builder
	for _, name := range []string{"docker", "compose", "kubernetes", "systemd"} {
		installation.WriteString(read(t, "../"+name+"/README.md"))
	}
	text := strings.ReplaceAll(read(t, "../../"+page), "example/cloudflare_pcap_exporter", "")
	names := regexp.MustCompile(`[\w/.-]*cloudflare[-_][\w/.-]+`).FindAllString(text, -1)
	if len(names) < 10 {
		t.Errorf("found only the names %q", names)
	}
	for _, name := range names {
		if !strings.Contains(installation.String(), name) {
			t.Errorf("no installation page uses the name %s", name)
		}
	}
}
