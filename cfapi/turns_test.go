package cfapi

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// asking is a client for accounts of one letter, which hang where that is a
// capital, and fail once where it is a digit.
func asking(limit int) *Client {
	var failed sync.Map
	return &Client{RateLimit: limit, Transport: turnTransport(func(r *http.Request) (*http.Response, error) {
		account := strings.Split(r.URL.Path, "/")[4]
		switch c := account[0]; {
		case 'A' <= c && c <= 'Z':
			<-r.Context().Done()
			return nil, r.Context().Err()
		case '0' <= c && c <= '9':
			if _, again := failed.LoadOrStore(account, true); !again {
				return nil, io.ErrUnexpectedEOF
			}
		}
		return &http.Response{StatusCode: http.StatusOK, Header: make(http.Header), Body: io.NopCloser(strings.NewReader(emptyList)), Request: r}, nil
	})}
}

type turnTransport func(*http.Request) (*http.Response, error)

func (f turnTransport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// asks lists the accounts one after the other, and returns which were listed.
func asks(t *testing.T, c *Client, accounts string) (listed string) {
	t.Helper()
	for _, account := range accounts {
		done := make(chan error, 1)
		go func() {
			var failed error
			for _, err := range c.Captures(t.Context(), string(account), nil) {
				failed = err
			}
			done <- failed
		}()
		if 'A' <= account && account <= 'Z' {
			synctest.Wait()
			if len(done) == 0 {
				listed += string(account)
			}
		} else if err := <-done; err == nil {
			listed += string(account)
		}
	}
	return listed
}

// askStep waits, then asks; want are the accounts listed, or in flight.
type askStep struct {
	wait      time.Duration
	ask, want string
}

func TestTurns(t *testing.T) {
	const minute = time.Minute
	for name, test := range map[string]struct {
		limit int
		steps []askStep
	}{
		"plenty":               {20, []askStep{{0, "abcdeaaaaabc", "abcdeaaaaabc"}}},
		"the three oldest":     {8, []askStep{{0, "abcde", "abcde"}, {0, "edcba", "cba"}, {0, "abcde", ""}}},
		"in order":             {7, []askStep{{0, "abcde", "abcde"}, {0, "cde", ""}, {0, "aab", "ab"}}},
		"the oldest":           {3, []askStep{{0, "ab", "ab"}, {0, "b", ""}, {0, "a", "a"}}},
		"a newcomer first":     {4, []askStep{{0, "abc", "abc"}, {0, "bd", "d"}}},
		"not asked for lately": {7, []askStep{{0, "abcde", "abcde"}, {4 * minute, "e", ""}, {minute + 1, "eeeeeee", "eeeeeee"}}},
		"in flight":            {6, []askStep{{0, "ABcd", "ABcd"}, {0, "c", ""}, {200*time.Second + 1, "cd", "cd"}}},
		"not by two turns":     {10, []askStep{{0, "abcdefg", "abcdefg"}, {0, "abc", "abc"}}},
		"a retry needs none":   {6, []askStep{{0, "abc", "abc"}, {0, "1", "1"}, {0, "c", ""}, {0, "a", "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := asking(test.limit)
				for i, step := range test.steps {
					time.Sleep(step.wait)
					if got := asks(t, client, step.ask); got != step.want {
						t.Errorf("step %d: asked for %q, listed %q, want %q", i, step.ask, got, step.want)
					}
				}
			})
		})
	}
}

// An account that is asked for more often than others gets ahead of those by one
// turn, and by another only once they have not asked for theirs.
func TestTurnsAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := new(budget)
		b.limit = 100
		share := 10 * time.Second
		ask := func(account string, spare int64) bool {
			now := time.Now()
			b.turns.ask(now, account)
			n, until := b.turns.before(now, account, spare, share)
			ok := int64(n) < spare && !until.After(now)
			if ok {
				b.turns.begin(now, account, false)
				b.turns.end(account)
			}
			return ok
		}
		for _, step := range []struct {
			wait    time.Duration
			account string
			want    bool
		}{
			{0, "a", true}, {0, "b", true}, {0, "c", true}, {0, "d", true}, // the accounts become known
			{0, "a", true}, {0, "a", false}, {0, "b", true}, {0, "b", false}, {0, "d", true}, {0, "a", true}, {0, "b", true},
			{0, "d", false}, {9 * time.Second, "d", false}, {time.Second, "d", true}, {0, "a", true}, {0, "c", true},
		} {
			time.Sleep(step.wait)
			if got := ask(step.account, 3); got != step.want {
				t.Errorf("%s after %v: %v, want %v", step.account, step.wait, got, step.want)
			}
		}
	})
}

// Accounts that come and go must not fill the memory.
func TestTurnsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var turns turns
		for i := range 10_000 {
			turns.ask(time.Now(), fmt.Sprint(i))
			time.Sleep(time.Second)
			if n := len(turns.accounts); n > 901 {
				t.Fatalf("%d accounts after %d seconds", n, i)
			}
		}
	})
}

// Of the requests' times, no more are kept than the limit.
func TestTimesAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := asking(10)
		for range 10_000 {
			asks(t, client, "a")
			time.Sleep(10 * time.Second)
			if n := len(client.budget().ended); n > 10 || cap(client.budget().ended) > 64 {
				t.Fatalf("%d times are kept, in room for %d", n, cap(client.budget().ended))
			}
		}
		client.RateLimit = 0
		asks(t, client, strings.Repeat("a", 100))
		if n := len(client.budget().ended); n > 10 {
			t.Errorf("%d times are kept without a limit", n)
		}
	})
}
