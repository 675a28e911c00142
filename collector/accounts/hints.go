package accounts

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// hint recommends what to do about a failed request for an account, in the log and on the status page.
func hint(err error) string {
	return cmp.Or(specificHint(err), hints[cfapi.ReasonOf(err)])
}

// discoveryHint recommends what to do about a failed lookup of accounts.
func discoveryHint(err error) string {
	if refused, ok := errors.AsType[*cfapi.Error](err); ok && refused.Code == 1001 {
		return "a token that belongs to an account cannot list accounts: list their ids in the configuration file, or use a user's token"
	}
	reason := cfapi.ReasonOf(err)
	return cmp.Or(specificHint(err), discoveryHints[reason], hints[reason])
}

// specificHint returns the hint for an error that requires another action than its reason: by its code,
// or by what went wrong with TLS. It returns "" for other errors.
func specificHint(err error) string {
	refused, ok := errors.AsType[*cfapi.Error](err)
	reason := cfapi.ReasonOf(err)
	switch {
	case ok && refused.StatusCode == http.StatusForbidden && refused.Code == 0:
		return challenge
	case ok:
		return hintByCode[refused.Code]
	case reason != cfapi.ReasonNetwork && reason != cfapi.ReasonTimeout:
		return ""
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "if a proxy replaces certificates, add its authority: see tls_config.ca_file and SSL_CERT_FILE"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "another server responds: check DNS, the proxy and the API URL"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		if time.Now().Before(invalid.Cert.NotBefore) {
			return "the certificate is not yet valid: check the clock of this machine"
		}
		return "the certificate has expired: check the clock of this machine, and whether a proxy replaces certificates"
	}
	_, notTLS := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case strings.Contains(err.Error(), "TLS handshake timeout"):
		return "the TLS handshake got no response: a firewall may drop long ones, so try the environment variable GODEBUG=tlsmlkem=0"
	case notTLS, errors.Is(err, io.EOF), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return "the server or the proxy closed the connection, or does not use TLS: check scheme and port of the API URL and the proxy"
	}
	return ""
}

const (
	malformed       = "the token or key is malformed: check its file for quotes, a prefix and line breaks"
	challenge       = "check whether a proxy or a challenge of Cloudflare blocks this IP address: the response is not the API's"
	accountSettings = "check that the token is correct and active, and give it the permission Account Settings Read"
)

// hintByCode has the hints for error codes of the API that require another action than
// their reason.
var hintByCode = map[int]string{
	6003:  malformed,
	6102:  malformed,
	6103:  malformed,
	6111:  malformed,
	9103:  "check that X-Auth-Email and X-Auth-Key belong to the same user",
	9106:  "no credential arrived at the API: check the configuration, and that no proxy removes headers",
	9109:  "check that the token is valid, and that its IP address filter allows this address",
	10502: "Cloudflare refuses this user after many requests with a bad token: correct the token and wait",
}

// hints are the hints by reason.
var hints = map[cfapi.Reason]string{
	cfapi.ReasonCredentials:  "correct the token, key or certificate file: the log says what is wrong with it",
	cfapi.ReasonUnauthorized: "check that the token is correct, active and has the permission Magic Firewall Packet Captures Read; or the account id is wrong",
	cfapi.ReasonForbidden:    "give the token the permission Magic Firewall Packet Captures Read for this account; or the account id is wrong",
	cfapi.ReasonRateLimited:  "scrape less often, or use a token of a user with no other clients",
	cfapi.ReasonRejected:     "check the account id and the API URL",
	cfapi.ReasonServer:       "wait; if it lasts, see www.cloudflarestatus.com",
	cfapi.ReasonTimeout:      "raise scrape_timeout in Prometheus and --scrape.timeout, or check the network",
	cfapi.ReasonNetwork:      "check DNS, proxy and firewall between the exporter and the API URL",
	cfapi.ReasonDecode:       "check that the API URL is Cloudflare's and that no proxy responds instead",
}

// discoveryHints are the hints for lookups of accounts, by reason, where they differ.
var discoveryHints = map[cfapi.Reason]string{
	cfapi.ReasonUnauthorized: accountSettings,
	cfapi.ReasonForbidden:    accountSettings,
	cfapi.ReasonRejected:     "check the account resources of the token, and the API URL",
	cfapi.ReasonDecode:       "wait; if it lasts, list the ids of the accounts in the configuration file",
}
