package collector

import (
	"regexp"

	"cloudflare_pcap_exporter/cfapi"
)

// hints say what to do about a failure, in the log and on the status page.
var hints = map[cfapi.Reason]string{
	cfapi.ReasonCredentials:  "make the token file readable and put the token into it",
	cfapi.ReasonUnauthorized: "check that the token is right, active, and has the permission Magic Firewall Packet Captures Read",
	cfapi.ReasonForbidden:    "give the token the permission Magic Firewall Packet Captures Read for this account",
	cfapi.ReasonRateLimited:  "scrape less often, or use a token of a user who does nothing else",
	cfapi.ReasonRejected:     "check the account id and the API URL",
	cfapi.ReasonServer:       "wait; if it lasts, see www.cloudflarestatus.com",
	cfapi.ReasonTimeout:      "raise scrape_timeout in Prometheus and --scrape.timeout, or check the network",
	cfapi.ReasonNetwork:      "check DNS, proxy and firewall on the way to the API URL",
	cfapi.ReasonDecode:       "check that the API URL leads to Cloudflare, and no proxy answers in its place",
}

// uriQuery is the query or fragment of a URI, and its user information.
var uriQuery = regexp.MustCompile(`(://)\S*@|[?#]\S*`)

// withoutQueries strips what can hold keys from the URIs in a text.
func withoutQueries(text string) string {
	return uriQuery.ReplaceAllString(text, "$1")
}
