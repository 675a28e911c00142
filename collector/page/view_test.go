package page

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/collector/accounts"
)

func TestManyAccounts(t *testing.T) {
	var list []*cfapi.Capture
	for i := range 30 {
		for _, status := range []string{"running", "failed", "failed"} {
			list = append(list, &cfapi.Capture{Colo: fmt.Sprintf("colo%02d", i), Status: status})
		}
	}
	v, usual := newView(), newList()
	v.addAccounts(maxAccounts+1, usual, "")
	checkContains(t, v.render(t), "And 1 more account, all up with nothing overdue or failed")
	v, usual = newView(), newList(list...)
	v.addAccounts(700, usual, "")
	v.addAccounts(701, newList(&cfapi.Capture{Type: "full", Status: "running", Submitted: now.Add(-time.Hour), TimeLimit: seconds(50 * time.Minute)}), "")
	v.addAccounts(800, usual, "")
	v.addAccounts(801, usual, "timeout")
	v.addAccounts(1000, usual, "")
	text := v.render(t)
	checkContains(t, text, "And 900 more accounts, some of them with problems", "And 10 more rows, due later.", "And 10 more rows, with older failures.", "no message <b>2</b>",
		`<b>999</b> up, <span class="overdue"><b>1</b> of them overdue</span>`, "<b>59880</b> of 89821 captures failed", fmt.Sprintf("<b>%d</b> unfinished", 998*30+1),
		"<title>1 down · 1 overdue", "All accounts that are not down</h2>", "failed</bdi> <b>59880</b>")
	if n := strings.Count(text, "<article"); n != maxAccounts {
		t.Errorf("%d accounts", n)
	}
	at := func(i int) int { return strings.Index(text, fmt.Sprintf("%032x", i)) }
	if first, second, third := at(800), at(700), at(0); first < 0 || first > second || second > third {
		t.Errorf("down at %d, overdue at %d, up at %d", first, second, third)
	}
}

func TestBudgets(t *testing.T) {
	v := newView()
	v.Credentials = make([]ratelimit.Status, maxCredentials+1)
	v.Credentials[0] = ratelimit.Status{Throttled: map[string]uint64{"holdoff": 1}, Policies: map[string]ratelimit.Policy{"default": {Remaining: 300, Quota: 1200}, "full": {Remaining: 1300, Quota: 1200}, "other": {Remaining: 7}}}
	v.Credentials[1] = ratelimit.Status{Throttled: map[string]uint64{"holdoff": 2}, HoldOffUntil: now.Add(time.Minute)}
	v.Credentials[2].HoldOffUntil = now // no longer held off
	text := v.render(t)
	checkContains(t, text, `width="250.0" height="10"/></svg> <span>300 of 1200<`, `width="1000.0" height="10"/></svg> <span>1300 of 1200<`, `aria-hidden="true"></svg> <span>7<`,
		"1 request was not sent", "2 requests were not sent", "And 1 more credential.")
	if n := strings.Count(text, "held off"); n != 1 {
		t.Errorf("%d credentials are held off, want 1", n)
	}
}

// A rejected reload and a failed lookup of accounts are shown without any account.
func TestProblems(t *testing.T) {
	v := newView()
	v.Rejected = errors.New("line 3: unknown key")
	v.Discovery = accounts.Health{Reason: "forbidden", Hint: "list the ids", Err: errors.New("status 403"), Since: now.Add(-time.Hour)}
	text := v.render(t)
	checkContains(t, text, "<bdi>line 3: unknown key</bdi>", "<b>forbidden</b>, failing for ", ">1 h<", "list the ids", "<bdi>status 403</bdi>")
	if strings.Contains(text, "No account yet") {
		t.Error("the page says to wait")
	}
	checkContains(t, newView().render(t), "No account yet")
}
