package web

import (
	"bytes"
	"net/http"
	"time"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/collector/page"
)

// status serves the status page. It sends no request to the API.
func (h *Handler) status(w http.ResponseWriter, _ *http.Request) {
	var text bytes.Buffer
	if err := h.view(time.Now()).Write(&text); err != nil {
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
	v := page.New(h.options.Version, h.options.MetricsPath, now)
	v.Rejected = *h.rejected.Load()
	if targets.Discovery != nil {
		v.Discovery = *targets.Discovery
	}
	for _, a := range targets.Accounts {
		v.Add(a.ID, a.Name, a.Status())
	}
	for _, c := range targets.Credentials {
		v.Credentials = append(v.Credentials, c.Client.RateLimit())
	}
	return v
}
