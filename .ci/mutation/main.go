// Mutation breaks places that matter, one at a time, and runs the tests of their package. It
// fails if the tests pass nevertheless. It changes no file: go test reads the broken ones
// through an overlay. Run it at the root of the module:
//
//	go run ./.ci/mutation [-n] [PART OF A FILE'S NAME]
//
// With -n it only checks that the list fits the code.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A mutation replaces the only occurrence of a text in a file.
type mutation struct {
	file, before, after string
	equivalent          string // why no test can see it; "" if one must
}

// timeout ends tests that wait for what the mutation has broken.
const timeout = 2 * time.Minute

func main() {
	onlyCheck := flag.Bool("n", false, "run no tests")
	flag.Parse()
	if err := run(flag.Arg(0), *onlyCheck); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(part string, onlyCheck bool) error {
	dir, err := os.MkdirTemp("", "mutation")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // the system removes what remains
	var selected []mutation
	for _, m := range mutations {
		if strings.Contains(m.file, part) {
			selected = append(selected, m)
		}
	}
	results := make([]error, len(selected))
	slots := make(chan struct{}, max(1, runtime.NumCPU()/2)) // go test itself is parallel
	var running sync.WaitGroup
	for i, m := range selected {
		running.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			overlay, err := m.overlay(dir, i)
			if err == nil && !onlyCheck {
				err = m.goTest(overlay)
			}
			results[i] = err
		})
	}
	running.Wait()
	fmt.Printf("%d mutations\n", len(selected))
	return errors.Join(results...)
}

// overlay writes the broken file, and an overlay with it.
func (m mutation) overlay(dir string, n int) (file string, err error) {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	if found := strings.Count(string(text), m.before); found != 1 {
		return "", fmt.Errorf("%s: %d occurrences of %q, want 1", m.file, found, m.before)
	}
	source, err := filepath.Abs(m.file)
	if err != nil {
		return "", err
	}
	broken := filepath.Join(dir, fmt.Sprint(n, ".go"))
	index, err := json.Marshal(map[string]any{"Replace": map[string]string{source: broken}})
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, fmt.Sprint(n, ".json"))
	return file, errors.Join(
		os.WriteFile(broken, []byte(strings.Replace(string(text), m.before, m.after, 1)), 0o600), //nolint:gosec // in dir
		os.WriteFile(file, index, 0o600),
	)
}

// goTest returns an error unless the tests see the mutation.
func (m mutation) goTest(overlay string) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout+time.Minute)
	defer cancel()
	start := time.Now()
	args := []string{"test", "-overlay", overlay, "-vet=off", "-count=1", "-failfast", "-timeout", timeout.String(), "./" + filepath.Dir(m.file)}
	cmd := exec.CommandContext(ctx, "go", args...) //nolint:gosec // a package of this module
	out, err := cmd.CombinedOutput()
	name, result := fmt.Sprintf("%s: %q -> %q", m.file, m.before, m.after), "killed"
	switch {
	case strings.Contains(string(out), "[build failed]"):
		result = "DOES NOT BUILD"
	case err == nil && m.equivalent == "":
		result = "SURVIVED"
	case err == nil:
		result = "equivalent"
	case m.equivalent != "":
		result = "NOT EQUIVALENT"
	}
	fmt.Printf("%s (%.0f s): %s\n", result, time.Since(start).Seconds(), name)
	if result == strings.ToUpper(result) {
		return fmt.Errorf("%s: %s\n%s", result, name, out)
	}
	return nil
}
