package collector

import (
	"bufio"
	"net/http"
	"strconv"
	"sync"
)

// buffers hold most answers whole: net/http's own, of 4 KiB, makes many small
// writes of one.
var buffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 64<<10) }}

// buffered is a ResponseWriter with one of the buffers.
type buffered struct {
	http.ResponseWriter
	buf     *bufio.Writer
	written int
}

// withBuffer gives serve a ResponseWriter with a buffer.
func withBuffer(w http.ResponseWriter, serve func(http.ResponseWriter)) {
	buf := buffers.Get().(*bufio.Writer)
	buf.Reset(w)
	b := &buffered{ResponseWriter: w, buf: buf}
	serve(b)
	if b.written == buf.Buffered() {
		w.Header().Set("Content-Length", strconv.Itoa(b.written))
	}
	_ = buf.Flush() // fails if the scraper has left
	buf.Reset(nil)
	buffers.Put(buf)
}

// Write implements http.ResponseWriter.
func (b *buffered) Write(p []byte) (int, error) {
	b.written += len(p)
	return b.buf.Write(p)
}
