// Package docs_test checks the documentation against the code.
package docs_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/config"
	"cloudflare_pcap_exporter/collector/web"
)

// CI also runs the first commands of the README.
func TestReadme(t *testing.T) {
	if first := blocks(t, "README.md")[0].text; first != "go run . --demo\ngo test ./...\n" {
		t.Errorf("README.md starts with the commands\n%s", first)
	}
	if size := len(readFile(t, "README.md")); size > 9000 {
		t.Errorf("README.md has %d bytes, want at most 9 kB", size)
	}
	names := make(map[string]bool)
	for _, m := range collector.Catalogue() {
		names[m.Name] = true
	}
	for line := range strings.SplitSeq(strings.TrimSpace(blocks(t, "README.md")[1].text), "\n") {
		if name, _, _ := strings.Cut(line, "{"); !names[name] {
			t.Errorf("README.md shows the unknown metric %s", name)
		}
	}
}

func TestFlags(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "run", ".", "--help")
	cmd.Dir = root
	help, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	checkTable(t, "deploy/docs/flags.md", "flag", flagRows(string(help)))
}

// flagRows returns flag, variable, default and help text of each flag. A value in
// capitals is a placeholder, not a default.
func flagRows(help string) (rows [][]string) {
	name := regexp.MustCompile(`(?m)^ {2,6}(?:-\w, )?--(\[no-\])?([\w.-]+)(?:=(\S+))?(?: \.\.\.)?`)
	variable := regexp.MustCompile(` ?\(\$(\w+)\)$`)
	starts := name.FindAllStringIndex(help, -1)
	for i, at := range starts {
		end := len(help)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		flag := name.FindStringSubmatch(help[at[0]:end])
		text := strings.Join(strings.Fields(help[at[1]:end]), " ")
		value := code(strings.Trim(flag[3], `"`))
		if flag[1] != "" {
			value = "off"
		} else if regexp.MustCompile(`^[A-Z]+$`).MatchString(flag[3]) {
			value = ""
		}
		env := ""
		if match := variable.FindStringSubmatch(text); match != nil {
			env, text = code(match[1]), strings.TrimSuffix(text, match[0])
		}
		rows = append(rows, []string{code("--" + flag[2]), env, value, text})
	}
	return rows
}

// The catalogue has the order of the documentation.
func TestMetrics(t *testing.T) {
	var want [][]string
	for _, m := range collector.Catalogue() {
		want = append(want, []string{code(m.Name), m.Type, strings.Join(m.Labels, ", "), m.Help})
	}
	checkTable(t, "deploy/docs/metrics.md", "name", want)
}

// The number of accounts that fit follows from the default rate limit.
func TestCapacity(t *testing.T) {
	const limit, window = 1000, 5 * time.Minute
	var want [][]string
	for _, interval := range []string{"15s", "30s", "1m", "2m", "5m"} {
		d, err := time.ParseDuration(interval)
		if err != nil {
			t.Fatal(err)
		}
		row := []string{interval}
		for _, tokens := range []int{1, 5} {
			for _, servers := range []int{1, 2} {
				row = append(row, fmt.Sprint(tokens*int(limit*d/window)/servers))
			}
		}
		want = append(want, row)
	}
	checkTable(t, "deploy/docs/rate-limit.md", "scrape interval", want)
}

func TestReasons(t *testing.T) {
	var want, got []string
	for _, reason := range cfapi.Reasons() {
		want = append(want, code(string(reason)))
	}
	for _, cells := range table(t, "deploy/docs/api-errors.md", "reason") {
		if cells[0] != "" { // an empty cell repeats the reason above
			got = append(got, cells[0])
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFailureReasons(t *testing.T) {
	var got, want []string
	for _, cells := range table(t, "deploy/docs/when-a-capture-fails.md", "reason") {
		got = append(got, cells[0])
	}
	for _, reason := range captures.FailureReasons {
		want = append(want, code(reason))
	}
	slices.Sort(got)
	if slices.Sort(want); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A mux does not list its routes, so the test searches the source for routes that
// the documentation lacks.
func TestEndpoints(t *testing.T) {
	handler, err := web.New(t.Context(), &config.Config{}, web.Options{
		MetricsPath: "/metrics", Lifecycle: true, ConfigFile: "config.yml", Pprof: true, Logger: log.NewNopLogger(),
	})
	if err != nil {
		t.Fatal(err)
	}
	mux := handler.Handler.(*http.ServeMux)
	var documented []string
	for _, cells := range table(t, "deploy/docs/endpoints.md", "endpoint") {
		endpoint := strings.Trim(cells[0], "`")
		documented = append(documented, endpoint)
		method, path, _ := strings.Cut(endpoint, " ")
		if _, pattern := mux.Handler(httptest.NewRequest(method, path, http.NoBody)); pattern == "" {
			t.Errorf("%s is documented, but not served", endpoint)
		}
	}
	routes := regexp.MustCompile(`mux\.Handle(?:Func)?\("([A-Z]+ )("\+h\.options\.MetricsPath|[^"{]*)`)
	served := routes.FindAllStringSubmatch(readFile(t, "collector/web/web.go"), -1)
	if len(served) < len(documented) {
		t.Errorf("found only %d routes in the source", len(served))
	}
	for _, match := range served {
		endpoint := strings.Replace(match[1], "HEAD", "GET", 1) + strings.Replace(match[2], `"+h.options.MetricsPath`, "/metrics", 1)
		isDocumented := func(d string) bool {
			return d == endpoint || d != "GET /" && strings.HasSuffix(d, "/") && strings.HasPrefix(endpoint, d)
		}
		if !slices.ContainsFunc(documented, isDocumented) {
			t.Errorf("%s is served, but not documented", endpoint)
		}
	}
}

// Each line of the lists of faults and of threats names tests that exist.
func TestNamedTests(t *testing.T) {
	rows := append(table(t, "deploy/docs/tried.md", "fault"), table(t, "deploy/docs/threat-model.md", "can")...)
	folders := map[string]string{"main": ".", "e2e": "deploy/e2e", "cfapi": "cfapi", "collector": "collector", "ratelimit": "cfapi/ratelimit"}
	for _, cells := range rows {
		tests := regexp.MustCompile("`(\\w+)\\.(\\w+)`").FindAllStringSubmatch(cells[len(cells)-1], -1)
		if len(tests) == 0 {
			t.Errorf("no test for %s", cells[0])
		}
		for _, test := range tests {
			folder := cmp.Or(folders[test[1]], "collector/"+test[1])
			files, err := filepath.Glob(filepath.Join(root, folder, "*_test.go"))
			if err != nil || !slices.ContainsFunc(files, func(file string) bool {
				source, err := os.ReadFile(file)
				return err == nil && strings.Contains(string(source), "\nfunc "+test[2]+"(")
			}) {
				t.Errorf("there is no test %s in %s", test[2], folder)
			}
		}
	}
}

// Configuration files in the pages are valid.
func TestConfigurations(t *testing.T) {
	found := 0
	for _, b := range blocks(t, "deploy/docs/accounts.md") {
		if strings.HasPrefix(b.text, "accounts:") || strings.HasPrefix(b.text, "discover:") {
			found++
			if _, err := config.Parse([]byte(b.text)); err != nil {
				t.Errorf("%v:\n%s", err, b.text)
			}
		}
	}
	if found < 3 {
		t.Errorf("found only %d configuration files", found)
	}
}

// Links into the repository lead to files and sections.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)]*)\)|(?m)^\[\w+\]: (\S+)$`)
	for _, page := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(readFile(t, page), -1) {
			target, section, hasSection := strings.Cut(match[1]+match[2], "#")
			if strings.HasPrefix(target, "https://") {
				continue
			}
			file := page
			if target != "" {
				file = path.Join(path.Dir(page), target)
			}
			if _, err := os.Stat(path.Join(root, file)); err != nil {
				t.Errorf("%s: %v", page, err)
			} else if hasSection && !slices.Contains(sections(t, file), section) {
				t.Errorf("%s: %s has no section %s", page, file, section)
			}
		}
	}
}

// sections returns the anchors of the headings of a page.
func sections(t *testing.T, page string) (anchors []string) {
	t.Helper()
	for _, match := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(readFile(t, page), -1) {
		words := regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(match[1]), "")
		anchors = append(anchors, strings.ReplaceAll(words, " ", "-"))
	}
	return anchors
}
