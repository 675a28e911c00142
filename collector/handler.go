package collector

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// handler serves the metrics.
type handler struct {
	exporter *exporter
	self     *prometheus.Registry // metrics of the exporter itself
}

// Metrics serves every account, and the exporter itself.
func (h *handler) Metrics(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), h.timeout(r))
	defer cancel()
	// The exporter's own metrics come last, and so tell of this scrape, too.
	h.serve(w, r, prometheus.Gatherers{registry(h.exporter.Collectors(ctx)...), h.self}, h.self)
}

// Probe serves the account that the target parameter names. No other target
// causes a request.
func (h *handler) Probe(w http.ResponseWriter, r *http.Request) {
	targets := r.URL.Query()["target"]
	if len(targets) != 1 {
		http.Error(w, "name one account: /probe?target=ID-or-name", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.timeout(r))
	defer cancel()
	c, ok := h.exporter.Probe(ctx, targets[0])
	if !ok {
		http.Error(w, "target is not the id or the name of a configured account", http.StatusBadRequest)
		return
	}
	h.serve(w, r, registry(c...), nil)
}

func (h *handler) timeout(r *http.Request) time.Duration {
	o := &h.exporter.options
	return scrapeTimeout(r.Header, o.Timeout, o.Offset)
}

// registry is one for a single request.
func registry(cs ...prometheus.Collector) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	reg.MustRegister(cs...)
	return reg
}

// serve counts its own failures in self, if that is not nil.
func (h *handler) serve(w http.ResponseWriter, r *http.Request, g prometheus.Gatherer, self prometheus.Registerer) {
	handler := promhttp.HandlerFor(g, promhttp.HandlerOpts{
		ErrorLog:          errorLog{h.exporter.options.Logger},
		ErrorHandling:     promhttp.ContinueOnError, // a metric that is wrong must not hide the others
		Registry:          self,
		EnableOpenMetrics: true,
	})
	withBuffer(w, func(w http.ResponseWriter) { handler.ServeHTTP(w, r) })
}

// errorLog is promhttp's way to log.
type errorLog struct{ log.Logger }

// Println implements promhttp.Logger.
func (l errorLog) Println(v ...any) {
	level.Error(l.Logger).Log("msg", "serving metrics", "err", fmt.Sprint(v...))
}
