package docs_test

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// root is the root of the repository.
const root = "../.."

func readFile(t *testing.T, name string) string {
	t.Helper()
	content, err := fs.ReadFile(os.DirFS(root), name)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// table returns the cells of all tables of a page whose first column has the given header.
func table(t *testing.T, page, first string) (rows [][]string) {
	t.Helper()
	var header string
	for line := range strings.Lines(readFile(t, page)) {
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
			rows = append(rows, cells)
		}
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no table with the column %s", page, first)
	}
	return rows
}

// checkTable compares the first columns of a table with the wanted rows.
func checkTable(t *testing.T, page, first string, want [][]string) {
	t.Helper()
	var got []string
	for _, cells := range table(t, page, first) {
		got = append(got, strings.Join(cells[:min(len(want[0]), len(cells))], " | "))
	}
	var wanted []string
	for _, cells := range want {
		wanted = append(wanted, strings.Join(cells, " | "))
	}
	for _, row := range wanted {
		if !slices.Contains(got, row) {
			t.Errorf("%s lacks the row\n%s", page, row)
		}
	}
	for _, row := range got {
		if !slices.Contains(wanted, row) {
			t.Errorf("%s has a row that the code does not have\n%s", page, row)
		}
	}
	if !t.Failed() && !slices.Equal(got, wanted) {
		t.Errorf("%s has the rows in another order, or twice", page)
	}
}

// code returns text in code font.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// block is a fenced code block.
type block struct{ page, language, text string }

var fenced = regexp.MustCompile("(?ms)^ *```(\\w*)\n(.*?)^ *```$")

// blocks returns the code blocks of a page.
func blocks(t *testing.T, page string) (all []block) {
	t.Helper()
	for _, match := range fenced.FindAllStringSubmatch(readFile(t, page), -1) {
		all = append(all, block{page, match[1], match[2]})
	}
	return all
}

// pages returns the paths of all Markdown files.
func pages(t *testing.T) (paths []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(root), ".", func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".md") {
			paths = append(paths, path)
		}
		if (path == ".git" || path == "dist") && d.IsDir() { // in a worktree, .git is a file
			return fs.SkipDir
		}
		return err
	})
	if err != nil || len(paths) < 20 {
		t.Fatalf("found %d pages: %v", len(paths), err)
	}
	return paths
}
