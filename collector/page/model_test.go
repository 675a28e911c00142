package page

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestManyAccounts(t *testing.T) {
	list := &List{Fetched: now}
	for i := range 30 {
		group := Group{"magic-transit", "full", fmt.Sprintf("colo%02d", i)}
		list.Unfinished = append(list.Unfinished, Unfinished{Group: group, Status: "running", Captures: 1})
		list.Failures = append(list.Failures, Failure{Group: group, Failed: 3, Reasons: []Count{{"other", 1}}})
	}
	v := &View{Accounts: newAccounts(1000, list)}
	v.Accounts[700].List = &List{Fetched: now, Unfinished: []Unfinished{
		{Group: Group{Type: "full"}, Status: "running", Captures: 1, First: Capture{Submitted: now.Add(-time.Hour)}, Due: now.Add(-10 * time.Minute)},
	}}
	v.Accounts[800].Reason = "timeout"
	text := render(t, v)
	checkContains(t, text, "And 900 more accounts, all up", "And 10 more rows, due later.", "And 10 more rows, with older failures.", "no message <b>2</b>",
		"<title>1 down · 1 overdue", fmt.Sprintf("<b>%d</b> unfinished", 998*30+1))
	if n := strings.Count(text, "<article"); n != maxAccounts {
		t.Errorf("%d accounts", n)
	}
	at := func(i int) int { return strings.Index(text, fmt.Sprintf("%032x", i)) }
	if first, second, third := at(800), at(700), at(0); first < 0 || first > second || second > third {
		t.Errorf("down at %d, overdue at %d, up at %d", first, second, third)
	}
	for i := range maxAccounts {
		v.Accounts[i].Reason = "timeout"
	}
	checkContains(t, render(t, v), "And 900 more accounts, not all of them up")
}

func TestAllStatuses(t *testing.T) {
	v := &View{Accounts: newAccounts(1000, nil)}
	for i := range v.Accounts {
		list := &List{Fetched: now, Statuses: []Count{{"success", 5}, {"everywhere", 1}}}
		for j := range 30 {
			list.Statuses = append(list.Statuses, Count{fmt.Sprintf("s%d-%d", i, j), 1})
		}
		v.Accounts[i].List = list
	}
	_, text, _ := strings.Cut(render(t, v), "All accounts</h2>")
	text, _, _ = strings.Cut(text, "</section>")
	checkContains(t, text, "success</bdi> <b>5000</b>", "everywhere</bdi> <b>1000</b>", "all others</bdi> <b>29981</b>")
	if n := strings.Count(text, "<li>"); n != 1+maxRows+1 {
		t.Errorf("%d statuses", n)
	}
	v.Accounts[0].Reason = "timeout"
	_, text, _ = strings.Cut(render(t, v), "All accounts that are not down</h2>")
	checkContains(t, text, "success</bdi> <b>4995</b>")
}

func TestIdle(t *testing.T) {
	for ago, want := range map[time.Duration]bool{idleAfter: false, idleAfter + 1: true} {
		m := newModel(&View{Now: now, Accounts: []Account{{LastScrape: now.Add(-ago)}, {LastScrape: now.Add(-time.Hour)}}})
		if m.Idle != want {
			t.Errorf("idle %v after %v", m.Idle, ago)
		}
	}
	if newModel(&View{Now: now}).Idle {
		t.Error("idle before the first scrape")
	}
}

func TestBudgets(t *testing.T) {
	v := &View{Credentials: make([]Credential, maxCredentials+1)}
	v.Credentials[0] = Credential{Withheld: 1, Policies: []Policy{{"default", 300, 1200}, {"other", -1, -1}}}
	v.Credentials[1] = Credential{Withheld: 2, HoldOff: now.Add(time.Minute)}
	v.Credentials[2].HoldOff = now // no longer held off
	text := render(t, v)
	checkContains(t, text, `width="250.0" height="10"/></svg> <span>300 of 1200<`, "<span>unknown<",
		"1 request was not sent", "2 requests were not sent", "And 1 more credential.")
	if n := strings.Count(text, "held off"); n != 1 {
		t.Errorf("%d credentials are held off, want 1", n)
	}
}
