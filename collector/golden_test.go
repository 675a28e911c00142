package collector_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/collector"
)

var update = flag.Bool("update", false, "write the golden files")

// TestGolden takes answers of the API to the exposition, to the byte.
func TestGolden(t *testing.T) {
	answers, err := filepath.Glob("testdata/*.json")
	if err != nil || len(answers) == 0 {
		t.Fatal("no answers", err)
	}
	for _, path := range answers {
		name := strings.TrimSuffix(path, ".json")
		if filepath.Ext(name) != "" {
			continue // a further page
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			e := newExporter(t, setup{series: collector.SeriesAll})
			e.api.Account(accountID).Answer(pages(t, name)...)
			_, text := e.get(t, "/probe?target="+accountID)
			compare(t, name+".prom", text)
			_, open := e.get(t, "/probe?target=edge", "Accept", "application/openmetrics-text;version=1.0.0")
			compare(t, name+".om", open)
		})
	}
}

// TestGoldenFailure shows what is left when the list cannot be had.
func TestGoldenFailure(t *testing.T) {
	e := newExporter(t, setup{})
	e.api.Token = "another"
	_, text := e.get(t, "/probe?target="+accountID)
	compare(t, "testdata/unauthorized.prom", text)
}

// pages reads NAME.json and, if it is there, NAME.2.json.
func pages(t *testing.T, name string) [][]byte {
	t.Helper()
	first, err := os.ReadFile(name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(name + ".2.json")
	if err != nil {
		return [][]byte{first}
	}
	return [][]byte{first, second}
}

// now are the metrics whose values differ from run to run.
var now = regexp.MustCompile(`(?m)^(cloudflare_pcap_(?:scrape_duration_seconds|last_success_timestamp_seconds|snapshot_timestamp_seconds)\{.*\}) .*$`)

func compare(t *testing.T, golden, got string) {
	t.Helper()
	got = now.ReplaceAllString(got, "$1 1")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		if gotLines[i] != wantLines[i] {
			t.Fatalf("%s:%d: want %s\ngot %s\n(go test -update writes it anew)", golden, i+1, wantLines[i], gotLines[i])
		}
	}
	t.Fatalf("%s: want %d lines, got %d", golden, len(wantLines), len(gotLines))
}
