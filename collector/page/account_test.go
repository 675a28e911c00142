package page

import (
	"slices"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

func listOnly(list ...*cfapi.Capture) accounts.Status { return accounts.Status{List: newList(list...)} }

func TestUnfinishedRow(t *testing.T) {
	for _, tt := range []struct {
		typ        string
		age, limit time.Duration
		percent    int64
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
		a := newAccount("", "", listOnly(&cfapi.Capture{Type: tt.typ, Status: "running", Submitted: now.Add(-tt.age), TimeLimit: seconds(tt.limit)}))
		got := a.Unfinished[0]
		if got.Percent() != tt.percent || got.Overdue() != tt.overdue || got.Over() != tt.over || got.Limit() != tt.limit {
			t.Errorf("%s after %v: %d %% of %v, %v over, overdue %v", tt.typ, tt.age, got.Percent(), got.Limit(), got.Over(), got.Overdue())
		}
	}
}

func TestAccountState(t *testing.T) {
	failed := &cfapi.Capture{Type: "full", Status: "failed"}
	late := &cfapi.Capture{Type: "full", Status: "running", Submitted: now.Add(-time.Hour), TimeLimit: seconds(time.Minute)}
	for want, s := range map[string]accounts.Status{
		up:       listOnly(),
		down:     {List: newList(late), Health: accounts.Health{Reason: "timeout"}},
		waiting:  {},
		overdue:  listOnly(late, failed),
		failures: listOnly(failed),
	} {
		if got := newAccount("", "", s).State; got != want {
			t.Errorf("got %s, want %s", got, want)
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
		for _, c.Status = range []string{"running", "pending", "failed"} {
			list = append(list, new(c))
		}
	}
	a := newAccount("", "", listOnly(list...))
	got := ""
	for _, r := range slices.Concat(a.Unfinished, a.Failed) {
		got += r.Colo + " " + r.Status + ", "
	}
	if want := "f pending, f running, c pending, c running, d pending, d running, e pending, e running, c failed, d failed, f failed, e failed, "; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestAccountText(t *testing.T) {
	ago := func(minutes time.Duration) time.Time { return now.Add(-minutes * time.Minute) }
	twenty := seconds(20 * time.Minute)
	for name, test := range map[string]struct {
		list         []*cfapi.Capture
		want, absent string
	}{
		"no time limit": {[]*cfapi.Capture{{Type: "full", Status: "pending", Submitted: ago(2)}}, `2 min</time> ago</td>
<td class="used"><span class="quiet">no time limit`, ""},
		"a group": {[]*cfapi.Capture{{Status: "running", Submitted: ago(5), TimeLimit: twenty}, {Status: "running", Submitted: ago(10), TimeLimit: twenty}},
			"50 % of 20 min", "5 min</time>"},
		"an error without a failure": {[]*cfapi.Capture{{Status: "complete", ErrorMessage: "No packets matched"}, {Status: "failed"}}, "no message <b>1</b>", ""},
		"a failure with a message":   {[]*cfapi.Capture{{Status: "failed", ErrorMessage: "No packets matched"}}, "no_packets_matched <b>1</b>", "no message"},
		"the newest message": {[]*cfapi.Capture{{Status: "failed", ErrorMessage: "old"}, {ID: "2", Status: "failed", Submitted: now, ErrorMessage: "s3://b?key=1 \u202efailed"}},
			`<bdi>s3://b \u202efailed</bdi>`, "<bdi>old"},
		"undocumented": {[]*cfapi.Capture{{Type: "a", Status: "b"}}, "2 undocumented values: ", ""},
	} {
		v := newView()
		v.Add("id", "name", listOnly(test.list...))
		text := v.render(t)
		checkContains(t, text, test.want)
		if test.absent != "" && strings.Contains(text, test.absent) {
			t.Errorf("%s: %q in %s", name, test.absent, text)
		}
	}
}

// Texts are escaped, and a character that changes the direction of writing affects no text next
// to it.
func TestUntrustedText(t *testing.T) {
	const attack, override = `"'></svg></style><script>alert(1)</script>`, "\u202e"
	list := []*cfapi.Capture{{ID: "1", Status: override + attack}, {ID: "2", Status: "running"}, {ID: "3", Status: "failed", ErrorMessage: override + attack}}
	for _, c := range list {
		c.Type, c.System, c.Colo = override+"t"+attack, override+"s"+attack, override+"c"+attack
	}
	v := newView()
	v.Add("id", attack, listOnly(list...))
	v.Add("id", strings.Repeat("x", 129), listOnly())
	text := v.render(t)
	// The name, a status in two legends, the colo, type and system of two rows, and a message.
	if n := strings.Count(text, "&lt;script&gt;"); n != 10 || strings.Contains(text, "<script") {
		t.Errorf("%d escaped values in %s", n, text)
	}
	if strings.Count(text, override) != 8 || strings.Count(text, "<bdi>"+override) != 8 {
		t.Errorf("not isolated: %s", text)
	}
	checkContains(t, text, ">"+strings.Repeat("x", 128)+"<", captures.CleanMessage(override))
}
