package docs_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed lists the packages of this module that each package may import.
var allowed = map[string][]string{
	"":                   {"collector/flags", "collector/config", "collector/web", "collector/demo"},
	"collector/demo":     {"collector/config", "cfapi/simulation"},
	"collector/flags":    {"collector/web", "collector/config", "collector/captures", "cfapi"},
	"collector/web":      {"collector", "collector/accounts", "collector/captures", "collector/config", "collector/page", "cfapi"},
	"collector":          {"collector/accounts", "collector/captures", "cfapi", "cfapi/ratelimit"},
	"collector/accounts": {"collector/captures", "collector/coalesce", "collector/config", "cfapi", "cfapi/ratelimit"},
	"collector/captures": {"cfapi"},
	"collector/config":   {"cfapi"},
	"collector/coalesce": {},
	"collector/page":     {"collector/accounts", "collector/captures", "cfapi/ratelimit"},
	"cfapi":              {"cfapi/ratelimit"},
	"cfapi/ratelimit":    {},
	"cfapi/simulation":   {},
	"deploy/docs":        {},
}

// pure packages perform no I/O.
var pure = []string{"collector/captures", "collector/page"}

// Imports go one way, as CONTRIBUTING.md describes.
func TestImports(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-f", "{{.ImportPath}} {{join .Imports \" \"}}", "./...")
	cmd.Dir = root
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "cloudflare_pcap_exporter"
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		name := strings.TrimPrefix(strings.TrimPrefix(fields[0], module), "/")
		may, known := allowed[name]
		if !known {
			t.Errorf("%s is not in the list of packages", name)
		}
		for _, imported := range fields[1:] {
			if own, ok := strings.CutPrefix(imported, module+"/"); ok && !slices.Contains(may, own) {
				t.Errorf("%s imports %s", name, own)
			}
			if slices.Contains(pure, name) && (imported == "net/http" || strings.HasPrefix(imported, "github.com/prometheus/")) {
				t.Errorf("%s imports %s", name, imported)
			}
		}
	}
}
