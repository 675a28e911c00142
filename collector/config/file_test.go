package config

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestFileReader(t *testing.T) {
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
	var files FileReader
	for name, want := range map[string]string{
		"full": "", "link": "", "empty": "",
		"large":   "large is larger than 0 KiB",
		"fifo":    "fifo is not a regular file",
		"zero":    "zero is not a regular file",
		".":       "is not a regular file",
		"missing": "no such file or directory",
	} {
		content, err := files.Read(t.Context(), path(name), 100)
		switch {
		case want == "" && (err != nil || strings.Trim(string(content), "x") != ""):
			t.Errorf("%s: %q, %v", name, content, err)
		case want != "" && (err == nil || !strings.HasSuffix(err.Error(), want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if len(files.reading) != 0 {
		t.Errorf("%d reads have not ended", len(files.reading))
	}
}

// A file on a hung mount delays nobody beyond the deadline, and blocks few goroutines.
func TestFileReaderHangs(t *testing.T) {
	hung := &reading{done: make(chan struct{})}
	files := FileReader{reading: map[string][]*reading{"hung": slices.Repeat([]*reading{hung}, maxReadings)}}
	before := runtime.NumGoroutine()
	for range 300 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		_, err := files.Read(ctx, "hung", 100)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || !strings.HasPrefix(err.Error(), "reading hung: ") {
			t.Fatalf("got %v", err)
		}
	}
	if after := runtime.NumGoroutine(); after > before+10 {
		t.Errorf("%d goroutines, %d before", after, before)
	}
}

// A read that hangs ends before the deadline of its caller, who can still report it.
func TestFileReaderDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		files := FileReader{reading: map[string][]*reading{"hung": {{started: time.Now(), done: make(chan struct{})}}}}
		deadline := time.Now().Add(3 * time.Second)
		ctx, cancel := context.WithDeadline(t.Context(), deadline)
		defer cancel()
		if _, err := files.Read(ctx, "hung", 100); !errors.Is(err, context.DeadlineExceeded) || !time.Now().Before(deadline) {
			t.Errorf("got %v %v before the deadline", err, time.Until(deadline))
		}
	})
}

// A file whose read hangs is not read twice. A file that replaces it is.
func TestFileReaderReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // a safety net
	defer cancel()
	files := FileReader{reading: map[string][]*reading{path: {{info: info, done: make(chan struct{})}}}}
	for range 2 * maxReadings {
		if data, err := files.Read(ctx, path, 100); err == nil || err.Error() != path+": an earlier read has not ended" {
			t.Errorf("the file that hangs: %q, %v", data, err)
		}
	}
	if err := errors.Join(os.Rename(path, path+".old"), os.WriteFile(path, []byte("new"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if data, err := files.Read(ctx, path, 100); err != nil || string(data) != "new" {
		t.Errorf("the file that replaces it: %q, %v", data, err)
	}
}
