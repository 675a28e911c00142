package config

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
)

// A FileReader reads regular files. If a file has become a FIFO without a writer or a
// device, or its mount hangs, this neither blocks a scrape nor fills the memory. The zero
// value is ready for use.
type FileReader struct {
	mu      sync.Mutex
	reading map[string]*reading // by path
}

// reading is one read of a file, shared by all concurrent callers.
type reading struct {
	done chan struct{} // closed when data and err are set
	data []byte
	err  error
}

// Read returns the content of a regular file of at most limit bytes. It follows symbolic
// links. If ctx ends first, the read continues in the background, and no other read of the
// file starts before its end.
func (r *FileReader) Read(ctx context.Context, path string, limit int64) ([]byte, error) {
	read := r.start(path, limit)
	select {
	case <-read.done:
		return read.data, read.err
	case <-ctx.Done():
		return nil, fmt.Errorf("reading %s: %w", path, ctx.Err())
	}
}

func (r *FileReader) start(path string, limit int64) *reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	if current, ok := r.reading[path]; ok {
		return current
	}
	if r.reading == nil {
		r.reading = make(map[string]*reading)
	}
	current := &reading{done: make(chan struct{})}
	r.reading[path] = current
	go func() {
		current.data, current.err = readRegular(path, limit)
		r.mu.Lock()
		delete(r.reading, path)
		r.mu.Unlock()
		close(current.done)
	}()
	return current
}

func readRegular(path string, limit int64) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0) //nolint:gosec // the path is the user's
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is larger than %d KiB", path, limit>>10)
	}
	return data, err
}
