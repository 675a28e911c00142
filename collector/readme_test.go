package collector_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector"
)

// TestReadmeCommands keeps what a newcomer copies first, and what CI takes for
// the command that runs the tests.
func TestReadmeCommands(t *testing.T) {
	_, rest, _ := strings.Cut(readFile(t, "README.md"), "\n```\n")
	block, _, _ := strings.Cut(rest, "\n```\n")
	same(t, "go run . --demo\ngo test ./...", block)
}

func TestReadmeFlags(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "run", ".", "--help")
	cmd.Dir = ".."
	help, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	same(t, flagRows(string(help)), columns(readmeTable(t, "flag"), 3))
}

// TestReadmeMetrics compares whole rows, in order: the catalogue has the order
// of the documentation, over all its tables.
func TestReadmeMetrics(t *testing.T) {
	var want []string
	for _, m := range collector.Catalogue() {
		want = append(want, row(code(m.FullName()), m.Type, strings.Join(m.Labels, ", "), m.Help))
	}
	same(t, lines(want), columns(readmeTable(t, "name"), 4))
}

// TestReadmeCapacity computes how many accounts fit into the default budget.
func TestReadmeCapacity(t *testing.T) {
	const limit, window = 1000, 5 * time.Minute
	var want []string
	for _, interval := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute} {
		name := strings.TrimSuffix(interval.String(), "0s")
		if interval < time.Minute {
			name = interval.String()
		}
		cells := []string{name}
		for _, tokens := range []int{1, 5} {
			for _, servers := range []int{1, 2} {
				cells = append(cells, fmt.Sprint(accountsThatFit(limit, window, interval, servers, tokens)))
			}
		}
		want = append(want, row(cells...))
	}
	same(t, lines(want), columns(readmeTable(t, "scrape interval"), 5))
}

// accountsThatFit is how many accounts each of some servers can list once every
// interval, when limit requests are allowed with each token in each window.
func accountsThatFit(limit int, window, interval time.Duration, servers, tokens int) int {
	return tokens * int(int64(limit)*int64(interval)/int64(window)/int64(servers))
}

func TestReadmeReasons(t *testing.T) {
	var want []string
	for _, reason := range cfapi.Reasons() {
		want = append(want, row(code(string(reason))))
	}
	same(t, lines(want), columns(readmeTable(t, "reason"), 1))
}

// TestReadmeEndpoints asks the program's mux for what is documented, and the
// source of the routes for what is not: a mux does not tell what it serves.
func TestReadmeEndpoints(t *testing.T) {
	var documented []string
	mux := allRoutes(t)
	for _, cells := range readmeTable(t, "endpoint") {
		endpoint := strings.Trim(cells[0], "`")
		documented = append(documented, endpoint)
		method, path, _ := strings.Cut(endpoint, " ")
		if _, pattern := mux.Handler(httptest.NewRequest(method, path, http.NoBody)); pattern == "" {
			t.Errorf("%s is documented, but not served", endpoint)
		}
	}
	routes := regexp.MustCompile(`mux\.Handle(?:Func)?\("([A-Z]+ )("\+o\.MetricsPath|[^"{]*)`)
	served := routes.FindAllStringSubmatch(readFile(t, "collector/routes.go"), -1)
	if len(served) < len(documented) {
		t.Errorf("only %d routes found in the source", len(served))
	}
	for _, match := range served {
		endpoint := match[1] + strings.Replace(match[2], `"+o.MetricsPath`, "/metrics", 1)
		isDocumented := func(d string) bool {
			return d == endpoint || d != "GET /" && strings.HasSuffix(d, "/") && strings.HasPrefix(endpoint, d)
		}
		if !slices.ContainsFunc(documented, isDocumented) {
			t.Errorf("%s is served, but not documented", endpoint)
		}
	}
}

// TestReadmeLinks follows the links into the project, and to sections.
func TestReadmeLinks(t *testing.T) {
	readme := readFile(t, "README.md")
	sections := make(map[string]bool)
	for _, match := range regexp.MustCompile(`(?m)^##+ (.*)$`).FindAllStringSubmatch(readme, -1) {
		words := regexp.MustCompile(`[^\w -]`).ReplaceAllString(strings.ToLower(match[1]), "")
		sections["#"+strings.ReplaceAll(words, " ", "-")] = true
	}
	for _, match := range regexp.MustCompile(`\]\(([^)]*)\)`).FindAllStringSubmatch(readme, -1) {
		switch target := match[1]; {
		case strings.HasPrefix(target, "https://"): // not ours to keep
		case strings.HasPrefix(target, "#"):
			if !sections[target] {
				t.Errorf("there is no section %s", target)
			}
		default:
			if _, err := os.Stat("../" + target); err != nil {
				t.Error(err)
			}
		}
	}
}

// flagRows turns what --help prints into rows of the table: name, variable,
// default. A value in capitals is a placeholder, not a default; what is indented
// more is text that names a flag.
func flagRows(help string) string {
	name := regexp.MustCompile(`(?m)^ {2,6}(?:-\w, )?--(\[no-\])?([\w.-]+)(?:=(\S+))?`)
	variable := regexp.MustCompile(`\(\$(\w+)\)`)
	var rows []string
	starts := name.FindAllStringSubmatchIndex(help, -1)
	for i, at := range starts {
		end := len(help)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		text := help[at[0]:end]
		flag := name.FindStringSubmatch(text)
		cells := []string{code("--" + flag[2]), "", code(strings.Trim(flag[3], `"`))}
		if flag[1] != "" {
			cells[2] = "off"
		} else if regexp.MustCompile(`^[A-Z]+$`).MatchString(flag[3]) {
			cells[2] = ""
		}
		if match := variable.FindStringSubmatch(text); match != nil {
			cells[1] = code(match[1])
		}
		rows = append(rows, row(cells...))
	}
	return lines(rows)
}

// allRoutes returns a mux with every route that a flag can ask for.
func allRoutes(t *testing.T) *http.ServeMux {
	t.Helper()
	app, err := collector.New(&collector.Config{}, collector.Options{MetricsPath: "/metrics", Lifecycle: true, ConfigFile: "config.yml", Pprof: true, Logger: log.NewNopLogger()})
	if err != nil {
		t.Fatal(err)
	}
	return app.Handler.(*http.ServeMux)
}
