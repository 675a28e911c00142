package web

import (
	"context"
	"net/http"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/collector/config"
)

// Reload loads the configuration file again, if there is one. If the file is invalid,
// Reload logs and returns the error and keeps the old configuration.
func (h *Handler) Reload(ctx context.Context) error {
	if h.options.ConfigFile == "" {
		return nil
	}
	h.reloading.Lock()
	defer h.reloading.Unlock()
	ctx, cancel := context.WithTimeout(ctx, h.options.Timeout)
	defer cancel()
	cfg, err := config.Load(h.options.ConfigFile)
	if err == nil {
		err = h.accounts.Apply(ctx, cfg)
	}
	if err != nil {
		h.reloads.Failed()
		level.Error(h.options.Logger).Log("msg", "reloading the configuration failed, keeping the old one", "err", err)
		return err
	}
	h.reloads.Succeeded()
	level.Info(h.options.Logger).Log("msg", "configuration reloaded", "accounts", len(cfg.Accounts))
	return nil
}

// reload responds 500 if the file is invalid.
func (h *Handler) reload(w http.ResponseWriter, r *http.Request) {
	if err := h.Reload(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeLine(w, "reloaded")
}
