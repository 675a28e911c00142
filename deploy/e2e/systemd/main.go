// Command systemd stands in for Cloudflare's API on the machine that guest.sh tests. It
// serves HTTPS and accepts a different token for each account.
package main

import (
	"crypto/tls"
	"fmt"
	"io/fs"
	"log"
	"net/http"
	"os"
	"strings"
	"time"
)

const usage = "usage: systemd CERTIFICATE KEY DIRECTORY, where DIRECTORY/ACCOUNT has the token of an account"

func main() {
	if len(os.Args) != 4 {
		log.Fatal(usage)
	}
	certificate, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /client/v4/accounts/{account}/pcaps", list(os.DirFS(os.Args[3])))
	server := &http.Server{
		Addr:              "127.0.0.1:443",
		Handler:           mux,
		TLSConfig:         &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12},
		ReadHeaderTimeout: 5 * time.Second,
	}
	log.Fatal(server.ListenAndServeTLS("", ""))
}

// list returns a handler that reads the account's token again for each request.
func list(tokens fs.FS) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		token, err := fs.ReadFile(tokens, r.PathValue("account"))
		if err != nil || r.Header.Get("Authorization") != "Bearer "+strings.TrimSpace(string(token)) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprintln(w, `{"success": false, "errors": [{"code": 10000, "message": "Authentication error"}], "messages": [], "result": null}`)
			return
		}
		_, _ = fmt.Fprintln(w, `{"success": true, "errors": [], "messages": [], "result": []}`)
	}
}
