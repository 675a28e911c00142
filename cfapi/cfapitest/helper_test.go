package cfapitest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"
)

const testID = "023e105f4ecef8ad9ca31a8372d0c353"

const testPath = "/accounts/" + testID + "/pcaps"

// patience is a timeout for what should not time out.
const patience = 10 * time.Second

// clock is a clock that a test drives.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock {
	return &clock{t: time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)}
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// list is what the tests read of an answer.
type list struct {
	Result  []view
	Success bool
	Errors  []message
	Info    *resultInfo `json:"result_info"`
}

// ask has the API answer without a network.
func ask(api *API, method, target, authorization string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	return w
}

// captures lists the captures of an account.
func captures(t *testing.T, api *API, target string) list {
	t.Helper()
	w := ask(api, http.MethodGet, target, "")
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: status %d", target, w.Code)
	}
	return parse(t, w.Body.Bytes())
}

func parse(t *testing.T, body []byte) list {
	t.Helper()
	var l list
	if err := json.Unmarshal(body, &l); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	return l
}

// serve gives the address of a server with one account, and its API.
func serve(t *testing.T) (*API, string) {
	t.Helper()
	api := new(API)
	api.Account(testID)
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	return api, server.URL + testPath
}

// fetch makes a request on a connection of its own and follows no redirect.
func fetch(url string, timeout time.Duration) (*http.Response, []byte, error) {
	client := http.Client{
		Timeout:       timeout,
		Transport:     &http.Transport{DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	resp, err := client.Get(url)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp, body, err
}
