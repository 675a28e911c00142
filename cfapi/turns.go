package cfapi

import (
	"maps"
	"time"
)

// turns tells whose list is the oldest, of the accounts that are asked for.
type turns struct {
	accounts map[string]*turn
	sent     uint64    // requests so far
	scarce   uint64    // value of sent when there was last a request left for each account
	joined   time.Time // when an account was last asked for that was not known
	swept    time.Time // when the accounts that nobody asks for were last forgotten
}

type turn struct {
	asked    time.Time
	began    time.Time // when it last had a request
	sent     uint64    // ordinal of its last request: the clock may not tell two apart; 0 if there was none
	inFlight int
	number   int // of turns since requests are scarce, if sent is after that
}

// ask remembers that a request for the account is wanted.
func (t *turns) ask(now time.Time, account string) {
	if account == "" {
		return
	}
	if now.Sub(t.swept) >= window {
		maps.DeleteFunc(t.accounts, func(_ string, other *turn) bool {
			return other.inFlight == 0 && now.Sub(other.asked) >= 2*window
		})
		t.swept = now
	}
	mine, ok := t.accounts[account]
	if !ok {
		mine = new(turn)
		if t.accounts == nil {
			t.accounts = make(map[string]*turn)
		}
		t.accounts[account] = mine
		t.joined = now
	}
	mine.asked = now
}

// before is how many accounts the next requests should go to before this one,
// and when its own may go, zero if at once: while requests are scarce, no account
// gets ahead of another by two turns, unless the other has not been asked for
// since its share of the requests would have allowed it.
func (t *turns) before(now time.Time, account string, spare int64, share time.Duration) (n int, until time.Time) {
	mine, ok := t.accounts[account]
	if spare >= int64(len(t.accounts)) {
		t.scarce = t.sent
		return 0, time.Time{}
	}
	if !ok {
		return 0, time.Time{}
	}
	for _, other := range t.accounts {
		if now.Sub(other.asked) >= window {
			continue
		}
		if other.sent < mine.sent && other.inFlight == 0 {
			n++
		}
		if next := other.asked.Add(share); t.turns(other) < t.turns(mine) && next.After(until) {
			until = next
		}
	}
	return n, until
}

// toCome is how many requests to leave to the accounts: for those whose share of
// the requests allows another one. The later ones go in the place of those of 5
// minutes ago. While accounts are new, that cannot be known, nor how many more of
// them there are.
func (t *turns) toCome(now time.Time, share time.Duration) (n int) {
	if now.Sub(t.joined) < window {
		return 9 * len(t.accounts)
	}
	for _, account := range t.accounts {
		if now.Sub(account.began) >= share {
			n++
		}
	}
	return n
}

// turns is how many the account had since requests are scarce.
func (t *turns) turns(account *turn) int {
	if account.sent <= t.scarce {
		return 0
	}
	return account.number
}

// begin takes a turn, or goes on with one.
func (t *turns) begin(now time.Time, account string, further bool) {
	if mine, ok := t.accounts[account]; ok {
		mine.number = t.turns(mine)
		if !further {
			mine.number++
		}
		t.sent++
		mine.sent, mine.began = t.sent, now
		mine.inFlight++
	}
}

func (t *turns) end(account string) {
	if mine, ok := t.accounts[account]; ok {
		mine.inFlight--
	}
}
