package collector

import (
	"bytes"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/collector/page"
)

// status serves the page for people: what the last scrapes saw. It calls no API.
func (e *exporter) status(w http.ResponseWriter, _ *http.Request) {
	view := e.view(time.Now())
	view.Version, view.MetricsPath = e.options.Version, e.options.MetricsPath
	var text bytes.Buffer
	if err := page.Write(&text, view); err != nil {
		level.Error(e.options.Logger).Log("msg", "making the status page", "err", err)
		http.Error(w, "the status page cannot be made: see the log", http.StatusInternalServerError)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", page.ContentSecurityPolicy())
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	_, _ = w.Write(text.Bytes()) // fails only if the client has left
}

// view is what the page shows.
func (e *exporter) view(now time.Time) *page.View {
	active := e.active.Load()
	v := &page.View{Now: now}
	for _, a := range active.accounts {
		v.Accounts = append(v.Accounts, a.view())
	}
	for _, name := range slices.Sorted(maps.Keys(active.credentials)) {
		limits := active.credentials[name].Client.Limits()
		c := page.Credential{Name: name, HoldOff: limits.HoldOffUntil, Withheld: limits.Withheld}
		for _, policy := range slices.Sorted(maps.Keys(limits.Policies)) {
			p := limits.Policies[policy]
			c.Policies = append(c.Policies, page.Policy{Name: clean(policy), Remaining: p.Remaining, Quota: p.Quota})
		}
		v.Credentials = append(v.Credentials, c)
	}
	return v
}

func (a *account) view() page.Account {
	v := page.Account{ID: a.id, Name: clean(a.name)}
	a.mu.Lock()
	defer a.mu.Unlock()
	v.LastScrape, v.LastSuccess = a.lastScrape, a.lastSuccess
	v.Reason, v.Since, v.Hint = string(a.failing.reason), a.failing.since, hints[a.failing.reason]
	v.List = a.seen
	return v
}

// view is what is kept for the page until the next list: without the zeros, and
// so much smaller than the snapshot.
func (s *Snapshot) view(fetched time.Time) *page.List {
	list := &page.List{Fetched: fetched, Full: s.LimitReached}
	for _, n := range s.Unrecognized {
		list.Unrecognized += n
	}
	counts := make(map[string]int)
	for group, totals := range s.Groups {
		shown := page.Group(group)
		for status, stats := range totals.ByStatus {
			if stats.Captures == 0 {
				continue
			}
			counts[status] += stats.Captures
			if slices.Contains(unfinishedStatuses, status) {
				list.InFlight = append(list.InFlight, stats.inFlight(shown, status))
			}
		}
		if f := totals.failure(shown); f.Failed > 0 || len(f.Reasons) > 0 {
			list.Failures = append(list.Failures, f)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		list.Statuses = append(list.Statuses, page.Count{Name: status, N: counts[status]})
	}
	return list
}

func (s *Stats) inFlight(group page.Group, status string) page.InFlight {
	f := page.InFlight{Group: group, Status: status, Captures: s.Captures, Submitted: s.DueSubmitted, Due: s.EarliestDue}
	if f.Due.IsZero() {
		f.Submitted = s.Newest
	}
	return f
}

func (t *Totals) failure(group page.Group) page.Failure {
	failed := t.ByStatus["failed"]
	f := page.Failure{Group: group, Failed: failed.Captures, Newest: failed.Newest}
	for _, kind := range errorKinds {
		if n := t.Errors[kind]; n > 0 {
			f.Reasons = append(f.Reasons, page.Count{Name: kind, N: n})
		}
	}
	return f
}
