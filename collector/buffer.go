package collector

import (
	"bufio"
	"net/http"
)

// bufferSize makes few writes of an answer; net/http's own buffer is of 4 KiB.
const bufferSize = 16 << 10

// buffered is a ResponseWriter with a larger buffer.
type buffered struct {
	http.ResponseWriter
	*bufio.Writer
}

func newBuffered(w http.ResponseWriter) buffered {
	return buffered{w, bufio.NewWriterSize(w, bufferSize)}
}

// Write implements http.ResponseWriter.
func (b buffered) Write(p []byte) (int, error) { return b.Writer.Write(p) }
