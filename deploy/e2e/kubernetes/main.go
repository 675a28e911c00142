// Command kubernetes stands in for the internet in the step "Kubernetes node". It
// resolves api.cloudflare.com to its own address, and serves there an API that lists no
// captures. The API accepts the tokens in a file, which it reads for each request.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"
)

// The name that is resolved, as in a DNS message.
const apiName = "\x03api\x0acloudflare\x03com\x00"

func main() {
	if len(os.Args) != 5 {
		log.Fatal("usage: kubernetes IPV4-ADDRESS CERTIFICATE KEY TOKENS")
	}
	log.Fatal(serve(os.Args[1], os.Args[2], os.Args[3], os.Args[4]))
}

func serve(address, certificate, key, tokens string) error {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return err
	}
	dns, err := new(net.ListenConfig).ListenPacket(context.Background(), "udp4", address+":53")
	if err != nil {
		return err
	}
	failed := make(chan error)
	go func() { failed <- resolve(dns, ip) }()
	go func() {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /client/v4/accounts/{account}/pcaps", func(w http.ResponseWriter, r *http.Request) { list(w, r, tokens) })
		server := http.Server{Addr: address + ":443", Handler: mux, ReadHeaderTimeout: time.Minute}
		failed <- server.ListenAndServeTLS(certificate, key)
	}()
	return <-failed
}

// list responds with an empty list of captures, and logs the account, the token and the
// status.
func list(w http.ResponseWriter, r *http.Request, tokens string) {
	accepted, err := os.ReadFile(tokens) //nolint:gosec // the path is an argument
	if err != nil {
		log.Fatal(err)
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	status, body := http.StatusOK, `{"success": true, "errors": [], "messages": [], "result": []}`
	if !slices.Contains(strings.Fields(string(accepted)), token) {
		status = http.StatusUnauthorized
		body = `{"success": false, "errors": [{"code": 10000, "message": "Authentication error"}], "messages": [], "result": null}`
	}
	log.Printf("account=%q token=%q status=%d", r.PathValue("account"), token, status) //nolint:gosec // %q escapes them
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprint(w, body)
}

// resolve responds to DNS queries.
func resolve(conn net.PacketConn, ip netip.Addr) error {
	query := make([]byte, 512)
	for {
		n, client, err := conn.ReadFrom(query)
		if err != nil {
			return err
		}
		response, err := answer(query[:n], ip)
		if err != nil {
			log.Print(err)
			continue
		}
		if _, err := conn.WriteTo(response, client); err != nil {
			log.Print(err)
		}
	}
}

// answer returns the response to a query with one question (RFC 1035, section 4.1).
func answer(query []byte, ip netip.Addr) ([]byte, error) {
	const header, typeA = 12, 1
	if len(query) < header {
		return nil, errors.New("short DNS query")
	}
	end := bytes.IndexByte(query[header:], 0) + header + 1 // of the name
	if end == header || len(query) < end+4 {
		return nil, errors.New("malformed DNS query")
	}
	name, kind := query[header:end], binary.BigEndian.Uint16(query[end:])
	response := append(query[:2:2], 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0) // recursive, one question
	response = append(response, query[header:end+4]...)
	switch {
	case !strings.EqualFold(string(name), apiName):
		response[3] |= 3 // no such name
	case kind == typeA:
		response[7] = 1 // one answer: the name of the question, type A, class IN, 60 s
		response = append(response, 0xc0, header, 0, typeA, 0, 1, 0, 0, 0, 60, 0, 4)
		response = append(response, ip.AsSlice()...)
	}
	return response, nil
}
