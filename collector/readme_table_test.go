package collector_test

import (
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
)

// readmeTable returns the cells of all tables whose first column has that name.
func readmeTable(t *testing.T, first string) (table [][]string) {
	t.Helper()
	var header string
	for line := range strings.Lines(readFile(t, "README.md")) {
		line, isRow := strings.CutPrefix(strings.TrimSpace(line), "|")
		if !isRow {
			header = ""
			continue
		}
		cells := strings.Split(strings.TrimSuffix(line, "|"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if header == "" {
			header = cells[0]
		} else if header == first && strings.Trim(cells[0], "-") != "" {
			table = append(table, cells)
		}
	}
	if len(table) == 0 {
		t.Fatalf("README.md has no table of a %s", first)
	}
	return table
}

// columns writes the first n columns of a table as lines writes rows.
func columns(table [][]string, n int) string {
	var rows []string
	for _, cells := range table {
		rows = append(rows, row(cells[:min(n, len(cells))]...))
	}
	return lines(rows)
}

func row(cells ...string) string { return strings.Join(cells, " | ") }

func lines(rows []string) string { return strings.Join(rows, "\n") }

// code marks up a text, if there is one.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// same shows the lines that differ, and none of those that do not.
func same(t *testing.T, want, readme string) {
	t.Helper()
	wanted, found := strings.Split(want, "\n"), strings.Split(readme, "\n")
	for _, line := range wanted {
		if !slices.Contains(found, line) {
			t.Errorf("README.md lacks:\n%s", line)
		}
	}
	for _, line := range found {
		if !slices.Contains(wanted, line) {
			t.Errorf("README.md has, but the code has not:\n%s", line)
		}
	}
	if !t.Failed() && want != readme {
		t.Errorf("README.md has another order, or lines twice:\n%s\nwant:\n%s", readme, want)
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := fs.ReadFile(os.DirFS(".."), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
