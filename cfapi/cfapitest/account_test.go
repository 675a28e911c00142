package cfapitest

import (
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestSubmitRules(t *testing.T) {
	full := Capture{Type: "full", Pending: time.Second, TimeLimit: time.Second, ConversionPending: time.Second}
	steps := []struct {
		pass time.Duration
		c    Capture
		want error
	}{
		{0, full, nil},
		{time.Second / 2, full, ErrBusy}, // pending
		{0, Capture{}, nil},
		{time.Second, full, ErrBusy}, // running
		{0, Capture{}, ErrTooSoon},
		{time.Second, full, nil}, // converting
		{58*time.Second - 1, Capture{}, ErrTooSoon},
		{1, Capture{}, nil},
	}
	clock := newClock()
	acc := (&API{Now: clock.now}).Account(testID)
	for i, step := range steps {
		clock.pass(step.pass)
		if _, err := acc.Submit(step.c); !errors.Is(err, step.want) {
			t.Errorf("step %d: %v, want %v", i, err, step.want)
		}
	}
}

func TestWindow(t *testing.T) {
	clock := newClock()
	api := &API{Now: clock.now}
	acc := api.Account(testID)
	if _, err := acc.Submit(Capture{Type: "full", Hangs: true}); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for range listLimit + 5 {
		id, err := acc.Submit(Capture{})
		if err != nil || len(id) != 32 || strings.Trim(id, "0123456789abcdef") != "" {
			t.Fatalf("%q, %v", id, err)
		}
		ids = append(ids, id)
		clock.pass(time.Minute)
	}
	slices.Reverse(ids)
	if got := listed(captures(t, api, testPath)); !slices.Equal(got, ids[:listLimit]) {
		t.Errorf("got %q, want %q", got, ids[:listLimit])
	}
	if _, err := acc.Submit(Capture{Type: "full"}); !errors.Is(err, ErrBusy) {
		t.Errorf("behind a capture that hangs and has left the list: %v", err)
	}
}

func listed(l list) []string {
	var ids []string
	for _, c := range l.Result {
		ids = append(ids, c.ID)
	}
	return ids
}

func TestIDsAreStable(t *testing.T) {
	first, _ := new(API).Account(testID).Submit(Capture{})
	again, _ := new(API).Account(testID).Submit(Capture{})
	other, _ := new(API).Account(DemoLabID).Submit(Capture{})
	if first != again || first == other {
		t.Errorf("%s, %s, %s", first, again, other)
	}
}

func TestLive(t *testing.T) {
	clock := newClock()
	begin := clock.now()
	api := &API{Now: clock.now}
	acc := api.Account(testID)
	acc.Live(func(n int) (time.Time, Capture) {
		if n == 4 {
			return time.Time{}, Capture{}
		}
		return begin.Add(time.Duration(n) * 40 * time.Second), Capture{}
	})
	for _, want := range []int{1, 1, 2, 2, 2} { // at 40 s and 120 s it is too soon
		if got := len(captures(t, api, testPath).Result); got != want {
			t.Errorf("%d captures after %v, want %d", got, clock.now().Sub(begin), want)
		}
		clock.pass(40 * time.Second)
	}
	acc.Live(nil)
	if _, err := acc.Submit(Capture{}); err != nil {
		t.Error(err)
	}
	got := captures(t, api, testPath)
	if len(got.Result) != 3 || got.Result[1].Submitted != formatTime(begin.Add(80*time.Second)) {
		t.Errorf("got %+v", got.Result)
	}
}

func TestAnswer(t *testing.T) {
	api := new(API)
	acc := api.Account(testID)
	acc.Answer([]byte("one"), []byte("two"))
	for query, want := range map[string]string{
		"": "one", "?page=1": "one", "?page=2&per_page=5": "two",
		"?page=3": "one", "?page=0": "one", "?page=-1": "one", "?page=x": "one",
	} {
		w := ask(api, http.MethodGet, testPath+query, "")
		if w.Code != http.StatusOK || w.Body.String() != want {
			t.Errorf("%q: %d %s, want %s", query, w.Code, w.Body, want)
		}
	}
	acc.Answer()
	if got := captures(t, api, testPath); !got.Success {
		t.Errorf("after its end: %+v", got)
	}
}

func TestPaged(t *testing.T) {
	clock := newClock()
	api := &API{Now: clock.now}
	acc := api.Account(testID)
	for range 5 {
		if _, err := acc.Submit(Capture{}); err != nil {
			t.Fatal(err)
		}
		clock.pass(time.Minute)
	}
	all := listed(captures(t, api, testPath))
	tests := []struct {
		honoured bool
		page     int
		want     []string
		info     resultInfo
	}{
		{true, 1, all[:2], resultInfo{2, 1, 2, 5}},
		{true, 2, all[2:4], resultInfo{2, 2, 2, 5}},
		{true, 3, all[4:], resultInfo{1, 3, 2, 5}},
		{true, 4, nil, resultInfo{0, 4, 2, 5}},
		{true, math.MaxInt, nil, resultInfo{0, math.MaxInt, 2, 5}},
		{false, 1, all[:2], resultInfo{2, 1, 2, 5}},
		{false, 2, all[:2], resultInfo{2, 1, 2, 5}},
	}
	for _, tt := range tests {
		acc.Paged(2, tt.honoured)
		got := captures(t, api, fmt.Sprintf("%s?page=%d", testPath, tt.page))
		if !slices.Equal(listed(got), tt.want) || got.Info == nil || *got.Info != tt.info {
			t.Errorf("honoured %v, page %d: %q %+v", tt.honoured, tt.page, listed(got), got.Info)
		}
	}
	acc.Paged(0, true)
	if got := captures(t, api, testPath); got.Info != nil || len(got.Result) != 5 {
		t.Errorf("without pages: %+v", got)
	}
}
