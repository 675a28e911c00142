package cfapi

const (
	codeAuthentication = 10000 // a bad token or, with status 403, a missing permission
	codeInvalidToken   = 9109  // a bad token, its IP address filter, or the lock-out of its user; with any status
)

// reasonByCode has the error codes that reveal more than the HTTP status. Cloudflare
// documents none of them. Each is from the public report next to it.
var reasonByCode = map[int]Reason{
	971:                ReasonRateLimited,  // "Please wait and consider throttling your request speed"
	6003:               ReasonUnauthorized, // "Invalid request headers": github.com/jeessy2/ddns-go/issues/916
	6102:               ReasonUnauthorized, // "Invalid format for X-Auth-Email header": github.com/rmbolger/Posh-ACME/issues/126
	6103:               ReasonUnauthorized, // "Invalid format for X-Auth-Key header": github.com/cloudflare/cloudflare-typescript/issues/161
	6111:               ReasonUnauthorized, // "Invalid format for Authorization header": github.com/jeessy2/ddns-go/issues/916
	9103:               ReasonUnauthorized, // "Unknown X-Auth-Key or X-Auth-Email": github.com/netcccyun/dnsmgr/issues/245
	9106:               ReasonUnauthorized, // "Missing X-Auth-Key, X-Auth-Email or Authorization headers": github.com/cloudflare/cloudflare-python/issues/2678
	codeInvalidToken:   ReasonUnauthorized, // "Invalid access token", "Cannot use the access token from location", "Max auth failures reached": github.com/jeessy2/ddns-go/issues/1341
	codeAuthentication: ReasonUnauthorized, // "Authentication error": github.com/cloudflare/cloudflare-docs/issues/20396
	10040:              ReasonRateLimited,  // "you have been ratelimited please wait and try again": github.com/crowdsecurity/cs-cloudflare-bouncer/issues/121
	10100:              ReasonRateLimited,  // "More than 1200 requests per 300 seconds reached": github.com/RiotGames/cloud-inquisitor/issues/182
	10429:              ReasonRateLimited,  // the pattern 10000 + status
	10502:              ReasonRateLimited,  // "Too many authentication failures"
}
