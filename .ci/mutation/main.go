// Mutation breaks places that matter, one at a time, and runs the tests of their package. It
// fails if they pass. It changes no file: go test reads the broken ones through an overlay.
// Run it at the root of the module:
//
//	go run ./.ci/mutation [-n] [PART OF A FILE'S NAME]
//
// With -n it only checks that the list fits the code.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A mutation replaces the only occurrence of a text in a file.
type mutation struct{ file, before, after string }

func main() {
	onlyCheck := flag.Bool("n", false, "run no tests")
	flag.Parse()
	dir, err := os.MkdirTemp("", "mutation")
	if err != nil {
		log.Fatal(err)
	}
	n, failed := 0, 0
	for _, m := range mutations {
		if !strings.Contains(m.file, flag.Arg(0)) {
			continue
		}
		n++
		err := m.overlay(dir)
		if err == nil && !*onlyCheck {
			err = m.test(dir)
		}
		if err != nil {
			failed++
			fmt.Printf("%s: %q -> %q: %v\n", m.file, m.before, m.after, err)
		}
	}
	_ = os.RemoveAll(dir)
	fmt.Printf("%d mutations, %d failed\n", n, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

// overlay writes the broken file, and an overlay with it.
func (m mutation) overlay(dir string) error {
	text, err := os.ReadFile(m.file)
	if err != nil {
		return err
	}
	if found := strings.Count(string(text), m.before); found != 1 {
		return fmt.Errorf("%d occurrences, want 1", found)
	}
	source, err := filepath.Abs(m.file)
	if err != nil {
		return err
	}
	broken := filepath.Join(dir, "broken.go")
	index, err := json.Marshal(map[string]any{"Replace": map[string]string{source: broken}})
	return errors.Join(err,
		os.WriteFile(broken, []byte(strings.Replace(string(text), m.before, m.after, 1)), 0o600), //nolint:gosec // in dir
		os.WriteFile(filepath.Join(dir, "overlay.json"), index, 0o600),
	)
}

// test returns an error unless the tests fail. They end if the mutation has them wait.
func (m mutation) test(dir string) error {
	out, err := exec.Command("go", "test", "-overlay", filepath.Join(dir, "overlay.json"), //nolint:gosec,noctx // a package of this module
		"-vet=off", "-count=1", "-failfast", "-timeout=2m", "./"+filepath.Dir(m.file)).CombinedOutput()
	switch {
	case err == nil:
		return errors.New("SURVIVED")
	case strings.Contains(string(out), "[build failed]"):
		return fmt.Errorf("DOES NOT BUILD\n%s", out)
	}
	return nil
}
