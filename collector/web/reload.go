package web

import (
	"context"
	"net/http"

	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/collector/config"
)

// Reload loads the configuration file again and looks up discovered accounts. Without a file,
// it only reads the credentials. It logs and returns an error, and keeps the old configuration.
func (h *Handler) Reload(ctx context.Context) error {
	h.reloading.Lock()
	defer h.reloading.Unlock()
	ctx, cancel := context.WithTimeout(ctx, h.options.Timeout)
	defer cancel()
	done, apply := "configuration reloaded", h.applyFile
	if h.options.ConfigFile == "" {
		done, apply = "nothing to reload: there is no --config.file; the token was read again", h.accounts.Check
	}
	err := apply(ctx)
	h.rejected.Store(&err)
	h.reloads.Record(err)
	if err != nil {
		level.Error(h.options.Logger).Log("msg", "reloading the configuration failed, keeping the old one", "err", err)
		return err
	}
	level.Info(h.options.Logger).Log("msg", done, "accounts", len(h.accounts.Targets().Accounts))
	return nil
}

func (h *Handler) applyFile(ctx context.Context) error {
	cfg, err := config.Load(h.options.ConfigFile)
	if err != nil {
		return err
	}
	return h.accounts.Apply(ctx, cfg)
}

// reload responds 500 if the file is invalid.
func (h *Handler) reload(w http.ResponseWriter, r *http.Request) {
	if !h.options.Lifecycle {
		http.Error(w, "reloading by HTTP is disabled: set --web.enable-lifecycle, or send SIGHUP", http.StatusForbidden)
		return
	}
	if err := h.Reload(r.Context()); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeLine(w, "reloaded")
}
