// Command sdk lists the captures of accounts with Cloudflare's SDK and keeps nothing.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"

	"github.com/cloudflare/cloudflare-go/v6/magic_transit" // the whole SDK takes minutes to compile
	"github.com/cloudflare/cloudflare-go/v6/option"

	"cloudflare_pcap_exporter/deploy/bench/peer"
)

// The arguments are the URL of the API and the accounts.
func main() {
	service := magic_transit.NewPCAPService(option.WithBaseURL(os.Args[1]), option.WithAPIToken("token"))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /list", func(w http.ResponseWriter, r *http.Request) {
		captures := 0
		for _, account := range os.Args[2:] {
			var params magic_transit.PCAPListParams
			params.AccountID.Value, params.AccountID.Present = account, true
			page, err := service.List(r.Context(), params)
			if err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
			captures += len(page.Result)
		}
		_, _ = fmt.Fprintln(w, captures, "captures") //nolint:gosec // a number
	})
	log.Fatal(peer.Serve(mux))
}
