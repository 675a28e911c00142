// Package peer has what the programs have in common with which the exporter is compared.
package peer

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"

	"github.com/go-json-experiment/json/jsontext"
)

// Serve serves h on a free port of the loopback interface. It writes its address to stderr as
// exporter-toolkit does.
func Serve(h http.Handler) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it does not wait
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "msg=\"Listening on\" address=%s\n", listener.Addr())
	return http.Serve(listener, h) //nolint:gosec // its only client is the parent
}

// Decode reads each token of a list with the options of the exporter, and keeps nothing. It
// returns the number of objects to show that it has read them.
func Decode(list io.Reader) (objects int, err error) {
	d := jsontext.NewDecoder(list, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	token, err := d.ReadToken()
	for ; err == nil; token, err = d.ReadToken() {
		if token.Kind() == jsontext.KindBeginObject {
			objects++
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return objects, err
}
