package page

import (
	"slices"
	"testing"
	"time"
)

func TestUnfinishedRow(t *testing.T) {
	for _, tt := range []struct {
		typ     string
		age     time.Duration
		percent int
		overdue bool
	}{
		{"full", 0, 0, false},
		{"full", 30 * time.Second, 50, false},
		{"full", time.Minute, 100, false},
		{"full", 61 * time.Second, 101, false},
		{"full", 6 * time.Minute, 600, false},
		{"full", 6*time.Minute + time.Second, 601, true},
		{"simple", 6*time.Minute + time.Second, 601, false},
		{"full", 24 * time.Hour, 999, true},
		{"full", -time.Minute, 0, false},
	} {
		submitted := now.Add(-tt.age)
		got := newUnfinishedRow(Unfinished{Group: Group{Type: tt.typ}, First: Capture{Submitted: submitted}, Due: submitted.Add(time.Minute)}, now)
		if got.Percent != tt.percent || got.Overdue != tt.overdue || got.Limit != time.Minute || got.Used[0].Width != float64(10*min(100, tt.percent)) {
			t.Errorf("%s after %v: %+v", tt.typ, tt.age, got)
		}
	}
	if got := newUnfinishedRow(Unfinished{First: Capture{Submitted: now}, Due: now}, now); got.Percent != 100 {
		t.Errorf("time limit 0: %d %%", got.Percent)
	}
	if got := newUnfinishedRow(Unfinished{First: Capture{Submitted: now}}, now); got.Used != nil || got.Overdue {
		t.Errorf("without a time limit: %+v", got)
	}
}

func TestAccountState(t *testing.T) {
	late := &List{Fetched: now, Unfinished: []Unfinished{{Group: Group{Type: "full"}, Captures: 2, Due: now.Add(-time.Hour)}, {Captures: 3}}}
	for want, a := range map[string]Account{
		up:      {List: &List{}},
		down:    {List: late, Reason: "timeout"},
		waiting: {},
		overdue: {List: late},
	} {
		card := newAccountCard(a)
		if card.State != want {
			t.Errorf("got %s, want %s", card.State, want)
		}
		if a.List == late && card.unfinished != 5 {
			t.Errorf("%s: %d unfinished captures, want 5", want, card.unfinished)
		}
	}
}

func TestTableOrder(t *testing.T) {
	at := func(minute time.Duration) time.Time { return now.Add(minute * time.Minute) }
	list := &List{Fetched: now}
	for _, u := range []Unfinished{
		{Group: Group{Colo: "e"}},
		{Group: Group{Colo: "d", Type: "b"}, Due: at(2)},
		{Group: Group{Colo: "c", Type: "a"}, Due: at(2), Status: "running"},
		{Group: Group{Colo: "c", Type: "a"}, Due: at(2), Status: "pending"},
		{Group: Group{Colo: "f", Type: "a"}, Due: at(1)},
	} {
		list.Unfinished = append(list.Unfinished, u)
		list.Failures = append(list.Failures, Failure{Group: u.Group, Newest: Capture{Submitted: u.Due}, Failed: len(list.Failures), Reasons: []Count{{"other", 1}, {"bucket", 1}}})
	}
	card := newAccountCard(Account{List: list})
	card.fill()
	var got, failed []string
	for _, u := range card.Unfinished {
		got = append(got, u.Colo+u.Status)
	}
	unexplained := 0
	for _, f := range card.Failed {
		failed = append(failed, f.Colo)
		unexplained += f.Unexplained
	}
	if want := []string{"f", "cpending", "crunning", "d", "e"}; !slices.Equal(got, want) {
		t.Errorf("unfinished: got %v, want %v", got, want)
	}
	if want := []string{"c", "c", "d", "f", "e"}; !slices.Equal(failed, want) {
		t.Errorf("failures: got %v, want %v", failed, want)
	}
	if unexplained != 1+2 {
		t.Errorf("%d failures without a message", unexplained)
	}
}
