package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, size := range map[string]int{"full": 100, "large": 101, "empty": 0} {
		if err := os.WriteFile(path(name), []byte(strings.Repeat("x", size)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(syscall.Mkfifo(path("fifo"), 0o600), os.Symlink("full", path("link")), os.Symlink("/dev/zero", path("zero"))); err != nil {
		t.Fatal(err)
	}
	tests := map[string]string{
		"full": "", "link": "", "empty": "",
		"large":   "large is larger than 0 KiB",
		"fifo":    "fifo is not a regular file",
		"zero":    "zero is not a regular file",
		".":       "is not a regular file",
		"missing": "no such file or directory: create the file, or correct its path",
	}
	if user := os.Geteuid(); user != 0 { // root may read everything
		if err := os.WriteFile(path("secret"), nil, 0); err != nil {
			t.Fatal(err)
		}
		tests["secret"] = fmt.Sprintf("permission denied: let user %d read the file", user)
	}
	for name, want := range tests {
		content, err := ReadFile(path(name), 100)
		switch {
		case want == "" && (err != nil || strings.Trim(string(content), "x") != ""):
			t.Errorf("%s: %q, %v", name, content, err)
		case want != "" && (err == nil || !strings.HasSuffix(err.Error(), want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}
