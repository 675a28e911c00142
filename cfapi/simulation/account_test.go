package simulation

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"
)

func TestSubmitLimits(t *testing.T) {
	full := Capture{Type: "full", Pending: time.Second, TimeLimit: time.Second, ConversionPending: time.Second}
	steps := []struct {
		wait time.Duration
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
	_, acc, clock := newAPI()
	for i, step := range steps {
		clock.advance(step.wait)
		if _, err := acc.Submit(step.c); !errors.Is(err, step.want) {
			t.Errorf("step %d: %v, want %v", i, err, step.want)
		}
	}
}

func TestListLimit(t *testing.T) {
	api, acc, clock := newAPI()
	if _, err := acc.Submit(Capture{Type: "full", Hangs: true}); err != nil {
		t.Fatal(err)
	}
	var want []string
	for range listLimit + 5 {
		id, err := acc.Submit(Capture{})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, id)
		clock.advance(time.Minute)
	}
	slices.Reverse(want)
	if got := captures(t, api, testPath).ids(); !slices.Equal(got, want[:listLimit]) {
		t.Errorf("got %q, want %q", got, want[:listLimit])
	}
	if _, err := acc.Submit(Capture{Type: "full"}); !errors.Is(err, ErrBusy) {
		t.Errorf("after a hanging capture left the list: %v", err)
	}
}

func TestPlay(t *testing.T) {
	api, acc, clock := newAPI()
	begin := clock.now()
	acc.Play(func(n int) (time.Time, Capture) {
		if n == 4 {
			return time.Time{}, Capture{}
		}
		return begin.Add(time.Duration(n) * 40 * time.Second), Capture{}
	})
	for _, want := range []int{1, 1, 2, 2, 2} { // refused at 40 s and 120 s
		if got := len(captures(t, api, testPath).Result); got != want {
			t.Errorf("%d captures after %v, want %d", got, clock.now().Sub(begin), want)
		}
		clock.advance(40 * time.Second)
	}
	acc.Play(nil)
	if _, err := acc.Submit(Capture{}); err != nil {
		t.Error(err)
	}
	got := captures(t, api, testPath)
	if len(got.Result) != 3 || got.Result[1].Submitted != formatTime(begin.Add(80*time.Second)) {
		t.Errorf("got %+v", got.Result)
	}
}

func TestPaginate(t *testing.T) {
	api, acc, clock := newAPI()
	for range 5 {
		if _, err := acc.Submit(Capture{}); err != nil {
			t.Fatal(err)
		}
		clock.advance(time.Minute)
	}
	all := captures(t, api, testPath).ids()
	tests := []struct {
		ignoresPage bool
		page        int
		want        []string
		info        resultInfo
	}{
		{false, 1, all[:2], resultInfo{2, 1, 2, 5}},
		{false, 2, all[2:4], resultInfo{2, 2, 2, 5}},
		{false, 3, all[4:], resultInfo{1, 3, 2, 5}},
		{false, 4, nil, resultInfo{0, 4, 2, 5}},
		{false, math.MaxInt, nil, resultInfo{0, math.MaxInt, 2, 5}},
		{true, 1, all[:2], resultInfo{2, 1, 2, 5}},
		{true, 2, all[:2], resultInfo{2, 1, 2, 5}},
	}
	for _, tt := range tests {
		acc.Paginate(2, tt.ignoresPage)
		got := captures(t, api, fmt.Sprintf("%s?page=%d", testPath, tt.page))
		if !slices.Equal(got.ids(), tt.want) || got.Info == nil || *got.Info != tt.info {
			t.Errorf("page %d, ignored %v: %q %+v", tt.page, tt.ignoresPage, got.ids(), got.Info)
		}
	}
	acc.Paginate(0, false)
	if got := captures(t, api, testPath); got.Info != nil || len(got.Result) != 5 {
		t.Errorf("without pages: %+v", got)
	}
}
