package web

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/page"
)

// status serves the status page. It sends no request to the API.
func (h *Handler) status(w http.ResponseWriter, _ *http.Request) {
	view := h.view(time.Now())
	view.Version, view.MetricsPath = h.options.Version, h.options.MetricsPath
	var text bytes.Buffer
	if err := page.Write(&text, view); err != nil {
		level.Error(h.options.Logger).Log("msg", "rendering the status page", "err", err)
		http.Error(w, "rendering the status page failed: see the log", http.StatusInternalServerError)
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

func (h *Handler) view(now time.Time) *page.View {
	targets := h.accounts.Targets()
	v := &page.View{Now: now}
	for _, a := range targets.Accounts {
		v.Accounts = append(v.Accounts, accountView(a))
	}
	for _, c := range targets.Credentials {
		v.Credentials = append(v.Credentials, credentialView(c))
	}
	return v
}

func credentialView(c *accounts.Credential) page.Credential {
	status := c.Client.RateLimit()
	v := page.Credential{Name: c.Name, HoldOff: status.HoldOffUntil, Withheld: status.Withheld()}
	for _, name := range slices.Sorted(maps.Keys(status.Policies)) {
		p := status.Policies[name]
		v.Policies = append(v.Policies, page.Policy{Name: captures.Sanitize(name), Remaining: p.Remaining, Quota: p.Quota})
	}
	return v
}

func accountView(a *accounts.Account) page.Account {
	status := a.Status()
	v := page.Account{
		ID: a.ID, Name: captures.Sanitize(a.Name), LastScrape: status.LastScrape, LastSuccess: status.LastSuccess,
		Reason: string(status.Reason), Hint: status.Hint, Since: status.Since,
	}
	if status.List != nil {
		v.List = listView(status.List)
	}
	return v
}

func listView(list *captures.Snapshot) *page.List {
	v := &page.List{Fetched: list.Fetched, Full: list.LimitReached}
	for _, n := range list.Unrecognized {
		v.Unrecognized += n
	}
	counts := make(map[string]int)
	for group, totals := range list.Groups {
		shown := page.Group(group)
		for status, stats := range totals.ByStatus {
			counts[status] += stats.Captures
			if captures.StatusOf(status).Unfinished {
				v.Unfinished = append(v.Unfinished, unfinishedView(stats, shown, status))
			}
		}
		if f := failureView(totals, shown); f.Failed > 0 {
			v.Failures = append(v.Failures, f)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(counts)) {
		v.Statuses = append(v.Statuses, page.Count{Name: status, N: counts[status]})
	}
	return v
}

func unfinishedView(s *captures.Stats, group page.Group, status string) page.Unfinished {
	return page.Unfinished{Group: group, Status: status, Captures: s.Captures, First: exampleView(cmp.Or(s.FirstDue, s.Newest)), Due: s.EarliestDue()}
}

func failureView(t *captures.Totals, group page.Group) page.Failure {
	v := page.Failure{Group: group}
	for status, stats := range t.ByStatus {
		if captures.StatusOf(status).Failed {
			v.Failed, v.Newest = stats.Captures, exampleView(stats.Newest)
		}
	}
	for _, reason := range captures.FailureReasons {
		if n := t.Errors[reason]; n > 0 && reason == captures.None {
			v.Reasons = append(v.Reasons, page.Count{Name: "no message", N: n})
		} else if n > 0 {
			v.Reasons = append(v.Reasons, page.Count{Name: reason, N: n})
		}
	}
	return v
}

func exampleView(c *cfapi.Capture) page.Capture {
	return page.Capture{
		ID: c.ID, Submitted: c.Submitted,
		Packets: page.Number{Value: int64(c.Packets.Value), Known: c.Packets.Valid}, ByteLimit: page.Number{Value: int64(c.ByteLimit.Value), Known: c.ByteLimit.Valid},
	}
}
