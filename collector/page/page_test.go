package page

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/collector/captures"
)

// The policy must allow exactly the style that the page contains.
func TestContentSecurityPolicy(t *testing.T) {
	text := newView().render(t)
	_, inline, _ := strings.Cut(text, "<style>")
	inline, _, _ = strings.Cut(inline, "</style>")
	sum := sha256.Sum256([]byte(inline))
	checkContains(t, ContentSecurityPolicy(), "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"';")
	if strings.Contains(text, "style=") {
		t.Error("the policy forbids inline styles")
	}
}

// The page and the dashboards have the same colors.
func TestColors(t *testing.T) {
	code, err := os.ReadFile("../../deploy/mixin/dashboards/lib/colors.libsonnet")
	if err != nil {
		t.Fatal(err)
	}
	palette := make(map[string]string)
	for _, match := range regexp.MustCompile(`(?m)^  (\w+): '(#\w+)',$`).FindAllStringSubmatch(string(code), -1) {
		palette[match[1]] = strings.ToLower(match[2])
	}
	_, statuses, _ := strings.Cut(string(code), "  statuses: {\n")
	statuses, _, _ = strings.Cut(statuses, "}")
	matches := regexp.MustCompile(`(\w+): palette\.(\w+),`).FindAllStringSubmatch(statuses, -1)
	if len(matches) != len(captures.Statuses) {
		t.Fatalf("%d statuses in the code of the dashboards", len(matches))
	}
	for _, match := range matches {
		checkContains(t, string(style), fmt.Sprintf("--%s: %s;", match[1], palette[match[2]]))
	}
}
