// Package ratelimit decides when a request may be sent with one API credential.
//
// Cloudflare allows 1,200 requests per user in 5 minutes. Above that it refuses
// every request of that user, the dashboard's included, for the rest of the 5
// minutes. A Limiter refuses a request before it is sent if the API could refuse
// it, or if it would leave too little for others.
//
// It does not wait: a scrape has a deadline, and the next one comes soon.
//
// # Available requests
//
// The number of available requests is the lowest of what the following limits allow.
//
// The sliding window: at most Limiter.Limit requests are sent in any 5 minutes. A request
// counts from its reservation until 5 minutes after its end, because the API counted it
// at some unknown moment in between. It also counts if there was no response.
//
// The API's windows: each response carries the number of requests that remain, the seconds
// until the window ends (Ratelimit), and its quota (Ratelimit-Policy). Responses arrive
// out of order, so the lowest number reported for a window counts, less the requests in
// flight. If there is a Limit, the rest of the quota is reserved for other clients of the
// user: with a Limit of 1,000, 200 of 1,200. The reserve is larger if others sent more in
// the window before and have not yet sent as many in this one.
//
// A hold-off: after a 429, or a response with no requests remaining, no request is
// available until the time that the API specifies, for 10 minutes at most.
//
// # Whose turn it is
//
// A request for an account is sent only if one more request is available for each
// account that comes first. An account comes first if it had fewer turns, or the same
// number and an earlier last turn. Accounts that have a request in flight, or were not
// requested for 5 minutes, do not count. So the accounts take turns, and none starves. A continuation (a further page, a
// retry) is part of a turn and does not wait.
//
// A low-priority request (buckets, tokens) leaves 4% of Limit, and one request for each
// account that is due. An account is due if it was not listed within the time that it
// takes to list all accounts within the Limit.
//
// # Refused credentials
//
// After 3 refusals of a token in a row, requests with it pause for 1 minute, then for 2,
// 4, 8 and 10: Cloudflare locks a user out who sends a bad token too often. A new token
// ends the pause.
//
// # Example
//
// Limit is 5. The accounts a, b and c are scraped every minute from 12:00 on, in the
// order a-b-c, then c-b-a and so forth.
//
//	12:00  a, b, c  sent, and 2 are available
//	12:01  c        refused: 2 are available, and a and b had their turns earlier
//	       b        sent, and 1 is available for a, which had its turn earlier
//	       a        sent, and 0 are available
//	12:02  a, b, c  refused until the requests of 12:00 leave the window
//	12:05  c, b, a  refused: they leave it 5 minutes after their end
//	12:06  a, b, c  sent, because 3 were available
package ratelimit
