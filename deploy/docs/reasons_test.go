package docs_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector"
	"cloudflare_pcap_exporter/collector/captures"
)

// Each reason of the code has a metric of the catalogue, an alert on it or a cause why there is
// none, and a line that says what to do.
func TestEachFailureIsReported(t *testing.T) {
	todo, alerts := whatToDo(t), alertExpressions(t)
	metrics := []string{"up"} // of Prometheus
	for _, m := range collector.Catalogue() {
		metrics = append(metrics, m.Name)
	}
	inCode := regexp.MustCompile("`([^`]+)`")
	var documented []string
	for _, cells := range table(t, "deploy/docs/reasons.md", "failure") {
		failure := cells[0] + " " + strings.Trim(cells[1], "`")
		documented = append(documented, failure)
		alert, isNone := strings.CutPrefix(cells[3], "none: ")
		name, _, _ := strings.Cut(strings.TrimPrefix(alert, "["), "]")
		watched := isNone && alert != ""
		for _, metric := range inCode.FindAllStringSubmatch(cells[2], -1) {
			if !slices.Contains(metrics, metric[1]) {
				t.Errorf("%s: there is no metric %s", failure, metric[1])
			}
			watched = watched || regexp.MustCompile(`\b`+metric[1]+`\b`).MatchString(alerts[name])
		}
		if !watched {
			t.Errorf("%s: no alert %s on a metric of %s", failure, cells[3], cells[2])
		}
		if want, ok := todo[failure]; cells[4] == "" || ok && cells[4] != want {
			t.Errorf("%s: what to do is %q, want %q", failure, cells[4], want)
		}
	}
	if want := failures(); !slices.Equal(documented, want) {
		t.Errorf("got  %q\nwant %q", documented, want)
	}
}

// failures returns every failure and its reason.
func failures() (all []string) {
	for _, reason := range cfapi.Reasons() {
		all = append(all, "list request "+string(reason))
	}
	for _, cause := range ratelimit.Causes() {
		all = append(all, "request not sent "+cause)
	}
	all = append(all, "lookup of accounts any", "request for buckets any", "verification of a token any")
	for _, reason := range captures.FailureReasons {
		all = append(all, "capture "+reason)
	}
	return append(all, "reload rejected", "start exit status 1", "start exit status 75", "scrape status 503")
}

// whatToDo returns what the hints of the code, and the page about failed captures, say.
func whatToDo(t *testing.T) map[string]string {
	t.Helper()
	todo, names := make(map[string]string), make(map[string]string)
	for _, match := range regexp.MustCompile(`Reason(\w+) +Reason = "(\w+)"`).FindAllStringSubmatch(readFile(t, "cfapi/errors.go"), -1) {
		names[match[1]] = match[2]
	}
	hints, _, _ := strings.Cut(readFile(t, "collector/accounts/hints.go"), "var discoveryHints")
	for _, match := range regexp.MustCompile(`cfapi\.Reason(\w+): +"(.*)",`).FindAllStringSubmatch(hints, -1) {
		todo["list request "+names[match[1]]] = match[2]
	}
	for _, cells := range table(t, "deploy/docs/when-a-capture-fails.md", "reason") {
		todo["capture "+strings.Trim(cells[0], "`")] = cells[3]
	}
	if len(todo) != len(cfapi.Reasons())+len(captures.FailureReasons) {
		t.Errorf("found %q", todo)
	}
	return todo
}

// alertExpressions returns the expressions of the alerts by name.
func alertExpressions(t *testing.T) map[string]string {
	t.Helper()
	var file struct {
		Groups []struct {
			Rules []struct{ Alert, Expr string }
		}
	}
	if err := yaml.Unmarshal([]byte(readFile(t, "deploy/prometheus/alerts.yml")), &file); err != nil {
		t.Fatal(err)
	}
	expressions := make(map[string]string)
	for _, group := range file.Groups {
		for _, rule := range group.Rules {
			expressions[rule.Alert] = rule.Expr
		}
	}
	return expressions
}
