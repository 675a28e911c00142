// Package ratelimit decides when a request may be sent.
//
// Cloudflare allows 1,200 requests in 5 minutes for each user or account token. Above that it
// refuses every request of that user, the dashboard's included, for the rest of the 5 minutes.
// A Limiter holds a request back if the API could refuse it, or if others need it more. It does
// not wait: a scrape has a deadline, and the next one comes soon.
//
// Each secret (a token or a key) has a budget of its own, whatever the credential is called
// that contains it. A request goes out if none of these rules holds it back:
//
//   - Limit: at most Limit requests are sent in any 5 minutes. A request counts from its
//     reservation until 5 minutes after its end, because the API counted it at some moment in
//     between.
//   - Reserve: responses report how many requests remain in the API's window. What is in
//     flight is subtracted, and so are the requests reserved for other clients of the user:
//     the quota less Limit. With a Limit of 1,000 and a quota of 1,200, these are 200.
//   - Hold-off: after a 429, nothing is sent for the time in Retry-After, at most 10 minutes.
//     The same applies if no request remains in the API's window.
//   - Refusal: a secret that the API refused 3 times in a row pauses for 1 minute, then for 2,
//     4, 8 and 10. After each pause, one request shows whether the secret works again.
//   - Fairness: while fewer requests are available than there are accounts, one is left for each
//     account that was listed longer ago. So each account is listed at least every twice the
//     longer of its scrape interval and its fair interval, 5 minutes × accounts / Limit.
//
// Further pages and retries belong to a list that has begun, so fairness does not hold them back.
// A low-priority request (buckets, tokens) leaves 4% of Limit, and a request for each account
// that was not listed within the last 5 minutes.
package ratelimit
