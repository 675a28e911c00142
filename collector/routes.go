package collector

import (
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// routes returns the exporter's endpoints.
func (a *App) routes() *http.ServeMux {
	h := &handler{a.exporter, a.self}
	o := &a.exporter.options
	limit := limiter(o.MaxRequests)
	metrics := promhttp.InstrumentMetricHandler(h.self, limit(h.Metrics))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", a.exporter.status)
	mux.Handle("GET "+o.MetricsPath, metrics)
	mux.HandleFunc("GET /sd", a.exporter.ServiceDiscovery)
	mux.Handle("GET /probe", limit(h.Probe))
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { writeLine(w, "healthy") })
	mux.HandleFunc("GET /-/ready", a.exporter.ready)
	if o.Lifecycle && o.ConfigFile != "" {
		mux.Handle("POST /-/reload", a.reloader)
	}
	if o.Pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}

// ready asks for credentials only: an API that is down is no reason to take the
// exporter out of service.
func (e *exporter) ready(w http.ResponseWriter, _ *http.Request) {
	if err := e.Check(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	writeLine(w, "ready")
}

func writeLine(w http.ResponseWriter, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(line + "\n"))
}

// limiter answers 503 to what comes while n requests are being served:
// promhttp's own limit is one for each of its handlers, and here each request
// has one.
func limiter(n int) func(http.HandlerFunc) http.Handler {
	slots := make(chan struct{}, n)
	return func(next http.HandlerFunc) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case slots <- struct{}{}:
				defer func() { <-slots }()
				next(w, r)
			default:
				http.Error(w, "too many scrapes at once: see --web.max-requests", http.StatusServiceUnavailable)
			}
		})
	}
}
