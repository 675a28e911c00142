package page

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

func TestManyAccounts(t *testing.T) {
	var list []*cfapi.Capture
	for i := range 30 {
		colo := fmt.Sprintf("colo%02d", i)
		list = append(list, &cfapi.Capture{Colo: colo, Status: "running"}, &cfapi.Capture{Colo: colo, Status: "failed"}, &cfapi.Capture{Colo: colo, Status: "failed"})
	}
	v := &View{Accounts: newAccounts(1000, newList(list...))}
	v.Accounts[700].List = newList(&cfapi.Capture{Type: "full", Status: "running", Submitted: now.Add(-time.Hour), TimeLimit: seconds(50 * time.Minute)})
	v.Accounts[800].Reason = "timeout"
	text := render(t, v)
	checkContains(t, text, "And 900 more accounts, some of them with problems", "And 10 more rows, due later.", "And 10 more rows, with older failures.", "no message <b>2</b>", "<b>999</b> up, <span class=\"overdue\"><b>1</b> of them overdue</span>", "<b>59880</b> of 89821 captures failed",
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
	checkContains(t, render(t, v), "And 900 more accounts, some of them with problems")
}

func TestAllStatuses(t *testing.T) {
	v := &View{Accounts: newAccounts(1000, newList(&cfapi.Capture{Status: "success"}, &cfapi.Capture{Status: "success"}, &cfapi.Capture{Status: "new"}))}
	_, text, _ := strings.Cut(render(t, v), "All accounts</h2>")
	checkContains(t, text, "success</bdi> <b>2000</b>", "new</bdi> <b>1000</b>")
	v.Accounts[0].Reason = "timeout"
	_, text, _ = strings.Cut(render(t, v), "All accounts that are not down</h2>")
	checkContains(t, text, "success</bdi> <b>1998</b>")
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
	v.Credentials[0].Status = ratelimit.Status{Throttled: map[string]uint64{"holdoff": 1}, Policies: map[string]ratelimit.Policy{"default": {Remaining: 300, Quota: 1200}, "other": {Remaining: 7}}}
	v.Credentials[1].Status = ratelimit.Status{Throttled: map[string]uint64{"holdoff": 2}, HoldOffUntil: now.Add(time.Minute)}
	v.Credentials[2].HoldOffUntil = now // no longer held off
	text := render(t, v)
	checkContains(t, text, `width="250.0" height="10"/></svg> <span>300 of 1200<`, "<span>7<",
		"1 request was not sent", "2 requests were not sent", "And 1 more credential.")
	if n := strings.Count(text, "held off"); n != 1 {
		t.Errorf("%d credentials are held off, want 1", n)
	}
}

// A rejected reload and a failed lookup of accounts are shown without any account.
func TestProblems(t *testing.T) {
	v := &View{Rejected: "line 3: unknown key", Discovery: Failure{Reason: "forbidden", Hint: "list the ids", Err: "status 403", Since: now.Add(-time.Hour)}}
	text := render(t, v)
	checkContains(t, text, "<bdi>line 3: unknown key</bdi>", "<b>forbidden</b>, failing for ", ">1 h<", "list the ids", "<bdi>status 403</bdi>")
	if strings.Contains(text, "No account yet") {
		t.Error("the page says to wait")
	}
	checkContains(t, render(t, &View{}), "No account yet")
}

// The newest failure of a group has its message, as it is logged.
func TestMessage(t *testing.T) {
	list := newList(
		&cfapi.Capture{ID: "1", Status: "failed", ErrorMessage: "old"},
		&cfapi.Capture{ID: "2", Status: "failed", Submitted: now, ErrorMessage: "upload to s3://b?key=1 \u202efailed"})
	text := render(t, &View{Accounts: newAccounts(1, list)})
	checkContains(t, text, `<bdi>upload to s3://b \u202efailed</bdi>`)
	if strings.Contains(text, "<bdi>old</bdi>") || strings.Contains(text, "key=1") {
		t.Errorf("got %s", text)
	}
}
