package ratelimit

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

const (
	apiWindow = 5 * time.Minute
	// tick is the time that two requests must be apart beyond 5 minutes.
	tick = time.Nanosecond
	// many is the maximum that available returns.
	many = 20
)

// reserve reserves a request that must be allowed.
func reserve(t *testing.T, l *Limiter, r Request) *Reservation {
	t.Helper()
	res, err := l.Reserve(r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// receive sends a request and receives the response at the same time.
func receive(t *testing.T, l *Limiter, resp *http.Response) {
	t.Helper()
	res := reserve(t, l, Request{})
	res.Update(resp)
	if resp.StatusCode == http.StatusTooManyRequests {
		res.TooMany(resp.Header)
	}
	res.Done(true)
}

// lose sends a request without a response.
func lose(t *testing.T, l *Limiter) {
	t.Helper()
	res := reserve(t, l, Request{})
	res.sent = true
	res.Done(false)
}

// response returns a response with the given values of Ratelimit and Ratelimit-Policy.
func response(limit, policy string) *http.Response {
	header := http.Header{"Ratelimit": {limit}, "Ratelimit-Policy": {policy}}
	return &http.Response{StatusCode: http.StatusOK, Header: header}
}

// available returns the number of further requests that can be in flight at the same time,
// and the error of the next one. It sends none of them.
func available(l *Limiter) (n int, err error) {
	for ; n < many; n++ {
		res, err := l.Reserve(Request{})
		if err != nil {
			return n, err
		}
		defer res.Done(false)
	}
	return n, nil
}

// checkAvailable checks the number of available requests, and the time at which one more can
// be sent.
func checkAvailable(t *testing.T, l *Limiter, want int, until time.Time) {
	t.Helper()
	n, err := available(l)
	if got := heldUntil(err); n != want || !got.Equal(until) {
		t.Errorf("%d requests are available, and the next one at %v; want %d, and %v", n, got, want, until)
	}
	if got := l.Status().HoldOffUntil; n == 0 && !got.Equal(until) {
		t.Errorf("the status is a hold-off until %v, want %v", got, until)
	}
}

// heldUntil returns the end of the hold-off, or the zero time if err is another error
// or nil.
func heldUntil(err error) time.Time {
	if held, ok := errors.AsType[*HoldOffError](err); ok {
		return held.Until
	}
	return time.Time{}
}

// An ordering is the order in which each scrape requests the accounts.
type ordering int

const (
	fixed ordering = iota
	alternating
	random
)

// of returns the order of the n-th scrape, by index.
func (o ordering) of(r *rand.Rand, n, accounts int) []int {
	order := r.Perm(accounts)
	if o != random {
		slices.Sort(order)
	}
	if o == alternating && n%2 == 1 {
		slices.Reverse(order)
	}
	return order
}

// A load runs ten scrapers for ten minutes. Each requests 40 accounts every second,
// which is 120 times as much as the limit of 1,000 allows.
type load struct {
	Limiter
	api       simulation.API
	offset    time.Duration // between two scrapers
	roundTrip time.Duration
	order     ordering
	hidden    bool // the responses do not report the API's limit
	freed     int  // requests that leave the full window at a time; 0 if it is empty at first
	rand      *rand.Rand

	accounts []string
	total    map[string]int // requests sent per account
	turns    map[string]int // of them, since requests were last available for every account
	lead     int            // the most turns that an account had more than another
}

func (s *load) run() {
	s.Limit = 1000
	s.rand = rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same times in each run
	s.total, s.turns = make(map[string]int), make(map[string]int)
	for i := range 40 {
		s.accounts = append(s.accounts, fmt.Sprint(i))
		s.total[s.accounts[i]] = 0
	}
	for i := 0; s.freed > 0 && i < s.Limit; i++ {
		if i%s.freed == 0 {
			time.Sleep(apiWindow / time.Duration(s.Limit/s.freed))
		}
		if res, err := s.Reserve(Request{}); err == nil {
			res.Done(true)
		}
	}
	start := time.Now()
	for i := range 600 * 10 {
		time.Sleep(time.Until(start.Add(time.Duration(i/10)*time.Second + time.Duration(i%10)*s.offset)))
		for _, account := range s.order.of(s.rand, i, len(s.accounts)) {
			s.request(s.accounts[account])
			time.Sleep(time.Duration(s.rand.Int64N(int64(s.offset/40 + 1))))
		}
	}
	time.Sleep(s.roundTrip)
	synctest.Wait()
}

func (s *load) request(account string) {
	s.mu.Lock()
	if s.available(time.Now()) >= int64(len(s.accounts)) {
		clear(s.turns)
	}
	s.mu.Unlock()
	res, err := s.Reserve(Request{Account: account})
	if err != nil {
		return
	}
	s.total[account]++
	s.turns[account]++
	for _, other := range s.accounts {
		s.lead = max(s.lead, s.turns[account]-s.turns[other])
	}
	there := time.Duration(s.rand.Int64N(int64(s.roundTrip)))
	time.AfterFunc(there, func() {
		resp := s.receive("exporter")
		if s.hidden {
			resp.Header.Del("Ratelimit")
		}
		time.AfterFunc(s.roundTrip-there, func() {
			res.Update(resp)
			res.Done(true)
		})
	})
}

// receive adds a request of the given client to the requests that the API received.
func (s *load) receive(client string) *http.Response {
	r := httptest.NewRequest(http.MethodGet, "/accounts", http.NoBody)
	r.Header.Set("User-Agent", client)
	w := httptest.NewRecorder()
	s.api.ServeHTTP(w, r)
	return w.Result()
}

// received returns the times at which the API received requests of the exporter, in order.
func (s *load) received(t *testing.T) (times []time.Time) {
	t.Helper()
	refused := 0
	for _, r := range s.api.Requests() {
		if r.UserAgent != "exporter" {
			continue
		}
		times = append(times, r.Time)
		if r.Status != http.StatusOK {
			refused++
		}
	}
	if refused > 0 {
		t.Errorf("the API refused %d requests", refused)
	}
	return times
}
