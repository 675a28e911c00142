package config

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"
)

// A FileReader reads regular files. If a file has become a FIFO without a writer or a
// device, or its mount hangs, this neither blocks a scrape nor fills the memory. The zero
// value is ready for use.
type FileReader struct {
	mu      sync.Mutex
	reading map[string][]*reading // by path, the newest last
}

// A read that lasts longer than hangTimeout is taken to hang. Another one starts, in case the
// file was replaced, and then others after twice the time of the last.
const (
	hangTimeout = 5 * time.Second
	maxReadings = 10 // of a path; the last one after 40 minutes
)

// reading is one read of a file, shared by all concurrent callers.
type reading struct {
	started time.Time
	info    os.FileInfo   // nil before the file is open; guarded by FileReader.mu
	done    chan struct{} // closed when data and err are set
	data    []byte
	err     error
}

// Read returns the content of a regular file of at most limit bytes. It follows symbolic
// links. It gives up a little before the deadline of ctx, so that the caller can report the
// failure. The read then continues in the background. Until it ends, no other read
// gets further than opening the same file, and at most 10 reads of the path run.
func (r *FileReader) Read(ctx context.Context, path string, limit int64) ([]byte, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		left := time.Until(deadline)
		ctx, cancel = context.WithTimeout(ctx, left-min(left/10, 500*time.Millisecond))
		defer cancel()
	}
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
	running := r.reading[path]
	if n := len(running); n == maxReadings || n > 0 && time.Since(running[n-1].started) < hangTimeout<<(n-1) {
		return running[n-1]
	}
	if r.reading == nil {
		r.reading = make(map[string][]*reading)
	}
	current := &reading{started: time.Now(), done: make(chan struct{})}
	r.reading[path] = append(running, current)
	go func() {
		current.data, current.err = r.readRegular(current, path, limit)
		r.end(current, path)
		close(current.done)
	}()
	return current
}

func (r *FileReader) end(current *reading, path string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reading[path] = slices.DeleteFunc(r.reading[path], func(other *reading) bool { return other == current })
	if len(r.reading[path]) == 0 {
		delete(r.reading, path)
	}
}

// register records the file of a read. It returns an error if another read of it has not
// ended.
func (r *FileReader) register(current *reading, path string, info os.FileInfo) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	current.info = info
	for _, other := range r.reading[path] {
		if other != current && os.SameFile(other.info, info) {
			return fmt.Errorf("%s: an earlier read has not ended", path)
		}
	}
	return nil
}

func (r *FileReader) readRegular(current *reading, path string, limit int64) ([]byte, error) {
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
	if err := r.register(current, path, info); err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("%s is larger than %d KiB", path, limit>>10)
	}
	return data, err
}
