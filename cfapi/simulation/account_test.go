package simulation

import (
	"errors"
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
