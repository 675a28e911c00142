package e2e

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// named are accounts in the order in which Grafana lists them. Names can contain all
// characters that separate names from ids in the text that Grafana searches.
var named = []option{
	{`"north" \ edge`, shardAccount(1)},
	{shardAccount(2), shardAccount(2)}, // without a name
	{`lab",account_name="x"} 1 2`, shardAccount(3)},
}

// option is a value of a variable, and the text that Grafana shows for it.
type option struct{ Label, Value string }

// TestDashboardVariables runs the query of each variable by Grafana's own code.
func TestDashboardVariables(t *testing.T) {
	packages := grafanaPackages(t)
	node, err := filepath.Glob(filepath.Join(packages, "node_modules/node-linux-*/bin/node"))
	if err != nil || len(node) != 1 {
		t.Fatalf("Node for this machine: %q, %v", node, err)
	}
	exporter := exporterOfNamed(t)
	p := scrape(t, "prometheus.yml", []*process{exporter})
	eventually(t, p.want("colo", `count by (colo) (cloudflare_pcap_captures{colo!=""})`, map[string]float64{"fra08": 8, "ord02": 8}))
	accounts := map[string][]option{"account": named, "cluster": {}, "job": {{"cloudflare_pcap", "cloudflare_pcap"}}}
	for name, want := range map[string]map[string][]option{
		"overview": with(accounts, map[string][]option{"colo": {{"fra08", "fra08"}, {"ord02", "ord02"}}, "type": {{"full", "full"}, {"simple", "simple"}}}),
		"exporter": with(accounts, map[string][]option{"instance": {{exporter.addr, exporter.addr}}}),
	} {
		cmd := exec.CommandContext(t.Context(), node[0], "grafana/variables.cjs", packages, "http://"+p.addr, "../grafana/dashboards/"+name+".json")
		log := new(strings.Builder)
		cmd.Stderr = log
		out, err := cmd.Output()
		if err != nil {
			t.Errorf("%s: %v\n%s", name, err, log)
			continue
		}
		var got map[string][]option
		if err := json.Unmarshal(out, &got); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
		if !maps.EqualFunc(got, want, slices.Equal) {
			t.Errorf("%s offers %q, want %q", name, got, want)
		}
	}
}

func with(a, b map[string][]option) map[string][]option {
	c := maps.Clone(a)
	maps.Copy(c, b)
	return c
}

func exporterOfNamed(t *testing.T) *process {
	api := simulate(t)
	api.capture(named[0].Value, "ord02", "complete", "", time.Now())
	api.capture(named[2].Value, "fra08", "complete", "", time.Now())
	config := "credentials: {default: {authorization: {credentials: e2e}}}\naccounts:\n"
	for _, a := range named {
		name := a.Label
		if name == a.Value {
			name = ""
		}
		config += fmt.Sprintf("- {id: %s, name: %q}\n", a.Value, name)
	}
	file := filepath.Join(t.TempDir(), "config.yml")
	write(t, file, config)
	return start(t, nil, exporterBinary, "--web.listen-address=127.0.0.1:0", "--cloudflare.api-url="+api.URL, "--config.file="+file)
}

// grafanaPackages installs the packages of grafana/package.json into the user's cache, which
// takes minutes.
func grafanaPackages(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("npm"); err != nil {
		t.Fatal("Grafana's code is in npm packages: apt-get install -y --no-install-recommends npm")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	list := read(t, "grafana/package.json")
	dir := filepath.Join(cache, "cloudflare_pcap_exporter", fmt.Sprintf("grafana@%.4x", sha256.Sum256([]byte(list))))
	if _, err := os.Stat(dir); err == nil {
		return dir
	}
	unfinished := dir + ".unfinished"
	if err := os.MkdirAll(unfinished, 0o750); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(unfinished, "package.json"), list)
	if err := command(unfinished, nil, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--omit=dev"); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(unfinished, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}
