package cfapitest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// What the page "Collect PCAPs" documents of the list, and of submissions.
const (
	listLimit    = 50
	simplePeriod = time.Minute
)

// Reasons why Account.Submit refuses a capture.
var (
	ErrBusy    = errors.New("a full capture is pending or running: there can be one at a time")
	ErrTooSoon = errors.New("a simple capture was submitted less than a minute ago")
)

// A Script says when the n-th capture, from 0, is submitted, and what it is. It
// must be a pure function whose times do not decrease; the zero time ends it.
type Script func(n int) (at time.Time, c Capture)

// An Account holds captures. API.Account makes one.
type Account struct {
	api     *API
	id      string
	name    string
	buckets []Bucket

	captures   []*submitted // the newest, oldest first
	accepted   int          // captures ever
	lastFull   *submitted   // even if no longer in captures
	lastSimple *submitted

	script   Script
	next     int // argument for script
	answers  [][]byte
	perPage  int
	honoured bool
}

// Submit starts a capture now, by the API's clock. Its error is ErrBusy,
// ErrTooSoon or nil.
func (acc *Account) Submit(c Capture) (id string, err error) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	now := acc.api.now()
	acc.catchUp(now)
	return acc.submit(now, c)
}

// Live has a script submit captures, from its beginning, as the clock passes.
// What the API would refuse is dropped. It replaces an earlier script.
func (acc *Account) Live(s Script) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.script, acc.next = s, 0
}

// Answer replaces the list by these bodies. ?page=N gets the N-th, and any other
// request the first. Without a body, the list is back.
func (acc *Account) Answer(pages ...[]byte) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.answers = pages
}

// Paged shows the list in pages of perPage captures, with result_info. Unless
// honoured, each request gets the first page, whatever it asks for. 0 shows the
// list in one piece again, without result_info, as it is documented.
func (acc *Account) Paged(perPage int, honoured bool) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.perPage, acc.honoured = perPage, honoured
}

// catchUp submits what the script has due. A refusal is part of the simulation.
func (acc *Account) catchUp(now time.Time) {
	for acc.script != nil {
		at, c := acc.script(acc.next)
		if at.IsZero() || at.After(now) {
			return
		}
		acc.next++
		_, _ = acc.submit(at, c)
	}
}

func (acc *Account) submit(at time.Time, c Capture) (string, error) {
	last := &acc.lastSimple
	if c.full() {
		last = &acc.lastFull
	}
	if *last != nil {
		age := at.Sub((*last).at)
		status := (*last).status(age)
		switch {
		case c.full() && (status == "pending" || status == "running"):
			return "", ErrBusy
		case !c.full() && age < simplePeriod:
			return "", ErrTooSoon
		}
	}
	acc.accepted++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s/%d", acc.id, acc.accepted))
	*last = &submitted{Capture: c, id: hex.EncodeToString(sum[:16]), at: at}
	acc.captures = append(acc.captures, *last)
	if n := len(acc.captures); n > listLimit {
		acc.captures = slices.Delete(acc.captures, 0, n-listLimit)
	}
	return (*last).id, nil
}

// list shows the captures, newest first.
func (acc *Account) list(now time.Time, page int) answer {
	if len(acc.answers) > 0 {
		if page > len(acc.answers) {
			page = 1
		}
		return jsonAnswer(http.StatusOK, acc.answers[page-1])
	}
	acc.catchUp(now)
	views := make([]view, 0, len(acc.captures))
	for _, c := range slices.Backward(acc.captures) {
		views = append(views, c.view(now))
	}
	env := envelope{Result: views, Success: true}
	if acc.perPage > 0 {
		if !acc.honoured {
			page = 1
		}
		shown := nthPage(views, page, acc.perPage)
		env.Result = shown
		env.ResultInfo = &resultInfo{Count: len(shown), Page: page, PerPage: acc.perPage, TotalCount: len(views)}
	}
	return jsonAnswer(http.StatusOK, encode(env))
}

func nthPage[T any](all []T, page, perPage int) []T {
	pages := slices.Collect(slices.Chunk(all, perPage))
	if page > len(pages) {
		return []T{}
	}
	return pages[page-1]
}
