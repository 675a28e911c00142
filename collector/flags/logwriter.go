package flags

import (
	"bytes"
	"io"
	"sync/atomic"
	"time"
)

const (
	logLines     = 1024        // lines kept while the log is not read
	flushTimeout = time.Second // for writing these at the end
)

// logWriter writes lines in the background, so that a scrape never waits for the reader of
// the log. If too many lines wait, it drops further ones, and reports their number once it
// can write again.
type logWriter struct {
	lines   chan logLine
	dropped atomic.Int64
}

// logLine is a line, or a request to close a channel once the lines before are written.
type logLine struct {
	text    []byte
	written chan struct{}
}

func newLogWriter(w io.Writer, reportDropped func(lines int64)) *logWriter {
	l := &logWriter{lines: make(chan logLine, logLines)}
	go func() {
		for line := range l.lines {
			if line.written != nil {
				close(line.written)
				continue
			}
			_, _ = w.Write(line.text) // there is nowhere to report an error
			if n := l.dropped.Swap(0); n > 0 {
				reportDropped(n)
			}
		}
	}()
	return l
}

// Write implements io.Writer.
func (l *logWriter) Write(line []byte) (int, error) {
	select {
	case l.lines <- logLine{text: bytes.Clone(line)}:
	default:
		l.dropped.Add(1)
	}
	return len(line), nil
}

// flush waits until the lines are written, for a second at most.
func (l *logWriter) flush() {
	timeout := time.After(flushTimeout)
	written := make(chan struct{})
	select {
	case l.lines <- logLine{written: written}:
	case <-timeout:
		return
	}
	select {
	case <-written:
	case <-timeout:
	}
}
