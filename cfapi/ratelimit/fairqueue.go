package ratelimit

import (
	"maps"
	"time"
)

// maxLag is the maximum number of turns that an account can catch up. It bounds the
// advantage of an account that is new or was rarely requested.
const maxLag = 3

// fairQueue tracks which accounts had the fewest turns. Its zero value is empty.
type fairQueue struct {
	accounts map[string]*entry
	served   uint64    // requests so far
	turns    int       // highest number of turns of an account
	joined   time.Time // when the last new account appeared
	swept    time.Time // when unused accounts were last removed
}

type entry struct {
	wanted   time.Time // time of the last request, sent or not
	served   time.Time // time of the last request sent
	order    uint64    // ordinal of that request; 0 if none was sent
	turns    int       // requests sent, except continuations; increased to limit the lag
	inFlight int
	refused  refusals
}

// before reports whether e is to be served before other.
func (e *entry) before(other *entry) bool {
	return e.turns < other.turns || e.turns == other.turns && e.order < other.order
}

// touch records that a request for the account is wanted.
func (q *fairQueue) touch(now time.Time, account string) {
	if account == "" {
		return
	}
	if now.Sub(q.swept) >= window {
		maps.DeleteFunc(q.accounts, func(_ string, e *entry) bool {
			return e.inFlight == 0 && now.Sub(e.wanted) >= 2*window
		})
		q.swept = now
	}
	e, ok := q.accounts[account]
	if !ok {
		e = new(entry)
		if q.accounts == nil {
			q.accounts = make(map[string]*entry)
		}
		q.accounts[account] = e
		q.joined = now
	}
	e.wanted = now
}

// ahead returns the number of accounts to be served before the given one.
func (q *fairQueue) ahead(now time.Time, account string) (n int) {
	mine, ok := q.accounts[account]
	if !ok {
		return 0
	}
	for _, e := range q.accounts {
		if e.before(mine) && e.inFlight == 0 && now.Sub(e.wanted) < window {
			n++
		}
	}
	return n
}

// due returns the number of accounts to keep a request for: the accounts that were
// not served within the interval. When the others are due, requests will have left
// the window. While new accounts appear, many more may follow, so due then returns a
// multiple of their number.
func (q *fairQueue) due(now time.Time, interval time.Duration) (n int) {
	if now.Sub(q.joined) < window {
		return 9 * len(q.accounts)
	}
	for _, e := range q.accounts {
		if now.Sub(e.served) >= interval {
			n++
		}
	}
	return n
}

func (q *fairQueue) begin(now time.Time, r Request) {
	e, ok := q.accounts[r.Account]
	if !ok {
		return
	}
	q.served++
	e.order, e.served = q.served, now
	e.inFlight++
	if !r.Continuation {
		e.turns = max(e.turns, q.turns-maxLag) + 1
		q.turns = max(q.turns, e.turns)
	}
}

func (q *fairQueue) end(account string) {
	if e, ok := q.accounts[account]; ok {
		e.inFlight--
	}
}
