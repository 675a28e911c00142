package simulation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

const (
	testID   = "023e105f4ecef8ad9ca31a8372d0c353"
	testPath = "/accounts/" + testID + "/pcaps"

	emptyList = `{"result":[],"success":true,"errors":[],"messages":[]}`
)

// clock is set by a test.
type clock struct{ t time.Time }

func newClock() *clock {
	return &clock{time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)}
}

func (c *clock) now() time.Time          { return c.t }
func (c *clock) advance(d time.Duration) { c.t = c.t.Add(d) }

// newAPI returns an API with one account, and its clock.
func newAPI() (*API, *Account, *clock) {
	clock := newClock()
	api := &API{Now: clock.now}
	return api, api.Account(testID), clock
}

// get sends a request without a network.
func get(api *API, target string) *httptest.ResponseRecorder {
	return send(api, http.MethodGet, target, "")
}

func send(api *API, method, target, authorization string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, http.NoBody)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	return w
}

func checkResponse(t *testing.T, api *API, target string, status int, body string) {
	t.Helper()
	if w := get(api, target); w.Code != status || w.Body.String() != body {
		t.Errorf("%s: %d %s\nwant %d %s", target, w.Code, w.Body, status, body)
	}
}

// refused returns the body of an error response.
func refused(code int, text string) string {
	return fmt.Sprintf(`{"result":null,"success":false,"errors":[{"code":%d,"message":"%s"}],"messages":[]}`, code, text)
}

func notFound(path string) string {
	return refused(7003, "Could not route to "+path+", perhaps your object identifier is invalid?")
}

// list is a list response.
type list struct {
	Result []view
	Info   *resultInfo `json:"result_info"`
}

func (l list) ids() (ids []string) {
	for _, c := range l.Result {
		ids = append(ids, c.ID)
	}
	return ids
}

// captures lists the captures of an account.
func captures(t *testing.T, api *API, target string) (l list) {
	t.Helper()
	w := get(api, target)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: status %d", target, w.Code)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &l); err != nil {
		t.Fatalf("%v in %q", err, w.Body)
	}
	return l
}
