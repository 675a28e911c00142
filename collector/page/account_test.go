package page

import (
	"slices"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

func TestUnfinishedRow(t *testing.T) {
	for _, tt := range []struct {
		typ        string
		age, limit time.Duration
		percent    int
		over       time.Duration
		overdue    bool
	}{
		{"full", 0, time.Minute, 0, 0, false},
		{"full", 30 * time.Second, time.Minute, 50, 0, false},
		{"full", time.Minute, time.Minute, 100, 0, false},
		{"full", 61 * time.Second, time.Minute, 100, time.Second, false},
		{"full", 6 * time.Minute, time.Minute, 100, 5 * time.Minute, false},
		{"full", 6*time.Minute + time.Second, time.Minute, 100, 5*time.Minute + time.Second, true},
		{"simple", 6*time.Minute + time.Second, time.Minute, 100, 5*time.Minute + time.Second, false},
		{"full", -time.Minute, time.Minute, 0, 0, false},
		{"full", 0, 0, 100, 0, false},
	} {
		card := newAccountCard(Account{List: newList(&cfapi.Capture{Type: tt.typ, Status: "running", Submitted: now.Add(-tt.age), TimeLimit: seconds(tt.limit)})})
		got := card.Unfinished[0]
		if got.Percent() != tt.percent || got.Overdue() != tt.overdue || got.Over() != tt.over || got.Limit() != tt.limit || got.Used()[0].Width != float64(10*tt.percent) {
			t.Errorf("%s after %v: %d %% of %v, %v over, overdue %v", tt.typ, tt.age, got.Percent(), got.Limit(), got.Over(), got.Overdue())
		}
	}
}

func TestAccountState(t *testing.T) {
	failed := &cfapi.Capture{Type: "full", Status: "failed"}
	late := &cfapi.Capture{Type: "full", Status: "running", Submitted: now.Add(-time.Hour), TimeLimit: seconds(time.Minute)}
	for want, a := range map[string]Account{
		up:       {List: newList()},
		down:     {List: newList(late, late), Failure: Failure{Reason: "timeout"}},
		waiting:  {},
		overdue:  {List: newList(late, late, failed)},
		failures: {List: newList(failed)},
	} {
		card := newAccountCard(a)
		if card.State != want {
			t.Errorf("got %s, want %s", card.State, want)
		}
		if late := want == down || want == overdue; late != (card.unfinished == 2) {
			t.Errorf("%s: %d unfinished captures", want, card.unfinished)
		}
	}
}

func TestTableOrder(t *testing.T) {
	at := func(minute time.Duration) time.Time { return now.Add(minute * time.Minute) }
	var list []*cfapi.Capture
	for _, c := range []cfapi.Capture{
		{Colo: "e"},
		{Colo: "d", Type: "simple", Submitted: at(2)},
		{Colo: "c", Type: "full", Submitted: at(2)},
		{Colo: "f", Type: "full", Submitted: at(1)},
	} {
		c.TimeLimit = seconds(0)
		for _, status := range []string{"running", "pending", "failed"} {
			capture := c
			capture.Status = status
			list = append(list, &capture)
		}
	}
	card := newAccountCard(Account{List: newList(list...)})
	card.fill()
	var got, failed []string
	for _, r := range card.Unfinished {
		got = append(got, r.Colo+" "+r.Status)
	}
	for _, r := range card.Failed {
		failed = append(failed, r.Colo)
	}
	if want := []string{"f pending", "f running", "c pending", "c running", "d pending", "d running", "e pending", "e running"}; !slices.Equal(got, want) {
		t.Errorf("unfinished: got %v, want %v", got, want)
	}
	if want := []string{"c", "d", "f", "e"}; !slices.Equal(failed, want) {
		t.Errorf("failures: got %v, want %v", failed, want)
	}
}
