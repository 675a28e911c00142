package simulation

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Limits from the page "Collect PCAPs".
const (
	listLimit    = 50
	simplePeriod = time.Minute
)

// The errors of Account.Submit.
var (
	ErrBusy    = errors.New("a full capture is already pending or running")
	ErrTooSoon = errors.New("a simple capture was submitted less than a minute ago")
)

// A Script returns the n-th capture, from 0, and when it is submitted. It must be a
// pure function whose times do not decrease. The zero time ends it.
type Script func(n int) (at time.Time, c Capture)

// An Account holds captures. API.Account creates one.
type Account struct {
	api     *API
	id      string
	name    string
	buckets []Bucket

	captures   []*submitted // the last 50, oldest first
	accepted   int          // captures so far
	lastFull   *submitted   // even if it left captures
	lastSimple *submitted

	script  Script
	next    int // argument for script
	bodies  [][]byte
	perPage int
	ignores bool // the page parameter
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

// Play submits the captures of a script, from its beginning, as the clock advances.
// Captures that the API would refuse are dropped. Play replaces an earlier script.
func (acc *Account) Play(s Script) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.script, acc.next = s, 0
}

// Respond replaces the list with the given bodies. A request with ?page=N gets the N-th,
// any other request the first. Without bodies, Respond restores the list.
func (acc *Account) Respond(pages ...[]byte) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.bodies = pages
}

// Paginate splits the list into pages of perPage captures and adds result_info. If
// ignoresPage is set, each request gets the first page. 0 restores the documented list
// without pages and result_info.
func (acc *Account) Paginate(perPage int, ignoresPage bool) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.perPage, acc.ignores = perPage, ignoresPage
}

// catchUp submits the captures of the script that are due. It ignores errors: the API refuses
// a second full capture, too.
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

// list returns the captures, newest first.
func (acc *Account) list(now time.Time, page int) response {
	if len(acc.bodies) > 0 {
		if page > len(acc.bodies) {
			page = 1
		}
		return jsonResponse(http.StatusOK, acc.bodies[page-1])
	}
	acc.catchUp(now)
	views := make([]view, 0, len(acc.captures))
	for _, c := range slices.Backward(acc.captures) {
		views = append(views, c.view(now))
	}
	env := envelope{Result: views, Success: true}
	if acc.perPage > 0 {
		if acc.ignores {
			page = 1
		}
		shown := nthPage(views, page, acc.perPage)
		env.Result = shown
		env.ResultInfo = &resultInfo{Count: len(shown), Page: page, PerPage: acc.perPage, TotalCount: len(views)}
	}
	return jsonResponse(http.StatusOK, encode(env))
}

func nthPage[T any](all []T, page, perPage int) []T {
	pages := slices.Collect(slices.Chunk(all, perPage))
	if page > len(pages) {
		return []T{}
	}
	return pages[page-1]
}
