// Package ratelimit decides whether a request may be sent now.
//
// Cloudflare allows 1,200 requests in 5 minutes for each user or account token. Above that, it
// responds 429 to every request of that user, the dashboard's included, for the rest of the 5
// minutes. A Limiter holds a request back if the API could reject it, or if another account needs
// it more. It returns an error instead of waiting, because a scrape has a deadline, and the next
// one comes soon. Its state is in memory: it is lost at a restart.
//
// Each secret (a token or a key) has its own budget, which all credentials with this secret
// share. A request may be sent if none of these rules holds it back:
//
//   - Limit: at most Limit requests are sent in any 5 minutes. A request counts from its
//     reservation until 5 minutes after its end, because the API counted it at some moment in
//     between.
//   - Reserve: responses report how many requests remain in the API's window. Requests in flight
//     are subtracted, and so are the requests reserved for other clients of the user: the quota
//     minus Limit, or 0 if Limit is larger. With a quota of 1,200 and a Limit of 1,000, these
//     are 200.
//   - Hold-off: after a 429, nothing is sent for the time in Retry-After, or for 1 minute if there
//     is none. If no request remains in the API's window, nothing is sent until the window ends.
//     Neither takes longer than 10 minutes.
//   - Refusal: after the API refused the secret 3 times in a row (401, or an error code for a bad
//     credential), it pauses for 1 minute. Then one list shows whether it works again. If not,
//     it pauses for 2 minutes, then 4, 8, and 10 from then on. A refusal for an account with
//     which the secret never worked does not count while it works with others.
//   - Fairness: while fewer requests are available than there are accounts, one is left for each
//     account that was listed longer ago. To list an account is to request its captures. Each
//     account is listed at least once in twice its scrape interval, or in twice its fair interval
//     if that is longer, rounded up to whole scrape intervals. The fair interval is 5 minutes ×
//     accounts / Limit.
//
// Further pages and retries belong to a list that has begun: only the first four rules hold them
// back. A low-priority request (buckets, tokens) has a stricter rule in place of fairness: 4% of
// Limit and one request for each account that was not listed within the last 5 minutes must
// remain available after it.
package ratelimit
