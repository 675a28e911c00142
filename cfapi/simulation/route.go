package simulation

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// route returns the handler of a path, or nil.
func (a *API) route(path, id, resource string) func(time.Time, *http.Request) response {
	switch path {
	case "/accounts":
		return func(_ time.Time, r *http.Request) response { return a.listAccounts(r) }
	case "/user/tokens/verify":
		return a.verifyFor("")
	}
	acc := a.accounts[id]
	if acc == nil {
		return nil
	}
	switch resource {
	case "pcaps":
		return func(now time.Time, r *http.Request) response { return acc.list(now, pageNumber(r)) }
	case "pcaps/ownership":
		return func(time.Time, *http.Request) response { return acc.listBuckets() }
	case "tokens/verify":
		return a.verifyFor(id)
	}
	return nil
}

// splitPath splits "/accounts/ID/RESOURCE".
func splitPath(path string) (id, resource string) {
	rest, ok := strings.CutPrefix(path, "/accounts/")
	if !ok {
		return "", ""
	}
	id, resource, _ = strings.Cut(rest, "/")
	return id, resource
}

// pageNumber returns the requested page, from 1.
func pageNumber(r *http.Request) int {
	n, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || n < 1 {
		return 1
	}
	return n
}
