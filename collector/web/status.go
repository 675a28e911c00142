package web

import (
	"bytes"
	"net/http"
	"time"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
	"cloudflare_pcap_exporter/collector/page"
)

// status serves the status page. It sends no request to the API.
func (h *Handler) status(w http.ResponseWriter, _ *http.Request) {
	var text bytes.Buffer
	if err := page.Write(&text, h.view(time.Now())); err != nil {
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
	v := &page.View{Version: h.options.Version, MetricsPath: h.options.MetricsPath, Now: now}
	if err := h.reloadError(); err != nil {
		v.Rejected = err.Error()
	}
	if discovery, enabled := h.accounts.Discovery(); enabled {
		v.Discovery = failure(discovery.Failure)
	}
	for _, a := range targets.Accounts {
		s := a.Status()
		v.Accounts = append(v.Accounts, page.Account{
			ID: a.ID, Name: captures.Sanitize(a.Name), LastScrape: s.LastScrape, LastSuccess: s.LastSuccess,
			List: s.List, Failure: failure(s.Failure),
		})
	}
	for _, c := range targets.Credentials {
		v.Credentials = append(v.Credentials, page.Credential{Name: c.Name, Status: c.Client.RateLimit()})
	}
	return v
}

func failure(f accounts.Failure) page.Failure {
	if f.Err == nil {
		return page.Failure{}
	}
	return page.Failure{Reason: string(f.Reason), Hint: f.Hint, Err: f.Err.Error(), Since: f.Since}
}
