// Package simulation simulates the part of Cloudflare's API that lists packet captures,
// buckets, accounts and the state of a token. Captures change their status as the clock
// advances, the documented limits apply, and faults can be injected.
//
// Responses follow Cloudflare's public API reference, its page "Collect PCAPs" and its
// page "Rate limits". The package starts no goroutines: everything happens during a
// request.
package simulation

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// maxRequests bounds the log, because a demo may run for months.
const maxRequests = 10_000

// API simulates https://api.cloudflare.com/client/v4. It can be served at that path or
// at the root. Its zero value has no account and accepts any credential. It is safe for
// concurrent use and must not be copied after first use.
type API struct {
	Token  string           // required bearer token; "" accepts any or none
	Verify Verification     // state of the token
	Now    func() time.Time // nil is time.Now; must not call methods of the API

	mu       sync.Mutex
	accounts map[string]*Account
	faults   []Fault
	windows  map[string]window // by credential
	received int               // requests so far
	requests []Request         // the last of them
}

// A Request is a request that the API has received.
type Request struct {
	Time      time.Time // of the API's clock
	Method    string
	Path      string
	Query     string // without the question mark
	UserAgent string
	Status    int // of the response, even if the client has left; 0 with Fault.Hang and Fault.Reset
}

// Account returns the account with the given id, which should have 32 lower-case hex
// digits, and creates it on first use. Requests for other accounts get status 404.
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

// Requests returns the last 10,000 requests received, oldest first.
func (a *API) Requests() []Request {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.requests)
}

// ServeHTTP responds as the API does.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	resp, fault := a.receive(r)
	fault.deliver(w, r, resp)
}

// receive returns the response and the fault to apply to it.
func (a *API) receive(r *http.Request) (response, Fault) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	a.received++
	path := strings.TrimPrefix(r.URL.Path, "/client/v4")
	id, resource := splitPath(path)
	limit := a.count(now, r.Header.Get("Authorization"))
	fault := a.nextFault(id, path)

	var resp response
	switch respond := a.route(path, id, resource); {
	case limit.used > quota:
		resp = refusal(http.StatusTooManyRequests, path)
		resp.header.Set("Retry-After", strconv.Itoa(limit.seconds(now)))
	case a.Token != "" && r.Header.Get("Authorization") != "Bearer "+a.Token:
		resp = refusal(http.StatusUnauthorized, path)
	case respond == nil:
		resp = refusal(http.StatusNotFound, path)
	case r.Method != http.MethodGet:
		resp = refusal(http.StatusMethodNotAllowed, path)
		resp.header.Set("Allow", http.MethodGet)
	default:
		resp = respond(now, r)
	}
	resp.header.Set("Cf-Ray", fmt.Sprintf("%016x-SIM", a.received))
	limit.describe(now, resp.header)
	resp = fault.alter(resp, path)
	a.log(now, r, resp.status)
	return resp, fault
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
		a.requests = a.requests[n-maxRequests:]
	}
}
