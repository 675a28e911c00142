// Package cfapitest simulates the part of Cloudflare's API that lists packet
// captures, and what is around it: captures live and age by a clock, the
// documented limits bite, and faults come on demand.
//
// What it answers follows Cloudflare's public API reference, its page "Collect
// PCAPs" and its page "Rate limits". No goroutine is started: everything
// happens when a request comes in.
package cfapitest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxRequests bounds the log, since a demo may run for months.
const maxRequests = 10_000

// API stands in for https://api.cloudflare.com/client/v4. Serve it at that path
// or at the root. Its zero value has no account and accepts any credential. It
// may be used by many goroutines at once, and must not be copied once used.
type API struct {
	Token  string           // the bearer token required; "" accepts any, or none
	Verify Verification     // what is told of the token
	Now    func() time.Time // nil is time.Now; called with the API locked, so it must not call back

	mu       sync.Mutex
	accounts map[string]*Account
	faults   []Fault
	windows  map[string]window // by credential
	received int               // requests so far
	requests []Request         // the newest of them
}

// A Request is one that the API has received.
type Request struct {
	Time      time.Time // by the API's clock
	Method    string
	Path      string
	Query     string // as sent, without the question mark
	UserAgent string
	Status    int // what it is answered, though the client may not wait for that; 0 for Fault.Hang and Fault.Reset
}

// Account returns the account with that id, which should be of 32 lower-case
// hex characters. It is created on first use; to clients, all others do not
// exist.
func (a *API) Account(id string) *Account {
	a.mu.Lock()
	defer a.mu.Unlock()
	acc, ok := a.accounts[id]
	if !ok {
		acc = &Account{api: a, id: id}
		if a.accounts == nil {
			a.accounts = make(map[string]*Account)
		}
		a.accounts[id] = acc
	}
	return acc
}

// Requests returns the requests received, oldest first: the last 10,000.
func (a *API) Requests() []Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.requests)
}

// ServeHTTP answers with what is asked for, or refuses as the API does.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ans, fault := a.receive(r)
	fault.deliver(w, r, ans)
}

// receive decides what to answer, and how.
func (a *API) receive(r *http.Request) (answer, Fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.received++
	path := strings.TrimPrefix(r.URL.Path, "/client/v4")
	id, resource := splitPath(path)
	limit := a.count(now, r.Header.Get("Authorization"))
	fault := a.nextFault(id, path)

	var ans answer
	switch respond := a.route(path, id, resource); {
	case limit.used > quota:
		ans = refusal(http.StatusTooManyRequests, path)
		ans.header.Set("Retry-After", strconv.Itoa(limit.seconds(now)))
	case a.Token != "" && r.Header.Get("Authorization") != "Bearer "+a.Token:
		ans = refusal(http.StatusUnauthorized, path)
	case respond == nil:
		ans = refusal(http.StatusNotFound, path)
	case r.Method != http.MethodGet:
		ans = refusal(http.StatusMethodNotAllowed, path)
		ans.header.Set("Allow", http.MethodGet)
	default:
		ans = respond(now, r)
	}
	ans.header.Set("Cf-Ray", fmt.Sprintf("%016x-SIM", a.received))
	limit.describe(now, ans.header)
	ans = fault.alter(ans, path)
	a.log(now, r, ans.status)
	return ans, fault
}

func (a *API) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}

func (a *API) log(now time.Time, r *http.Request, status int) {
	a.requests = append(a.requests, Request{
		Time: now, Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery,
		UserAgent: r.UserAgent(), Status: status,
	})
	if n := len(a.requests); n > maxRequests {
		a.requests = slices.Delete(a.requests, 0, n-maxRequests)
	}
}
