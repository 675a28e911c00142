package collector

import (
	"net/http"
	"net/http/pprof"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Routes are what the pages beside the metrics need.
type Routes struct {
	Handler     *Handler
	MetricsPath string
	MaxRequests int // scrapes served at once
	Version     string
	Pprof       bool
	Reloader    *Reloader // nil: no POST /-/reload
}

// Mux returns the exporter's endpoints.
func (r *Routes) Mux() *http.ServeMux {
	limit := limiter(r.MaxRequests)
	metrics := promhttp.InstrumentMetricHandler(r.Handler.Self, limit(r.Handler.Metrics))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", r.status)
	mux.Handle("GET "+r.MetricsPath, metrics)
	mux.HandleFunc("GET /sd", r.Handler.Exporter.ServiceDiscovery)
	mux.Handle("GET /probe", limit(r.Handler.Probe))
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) { writeLine(w, "healthy") })
	mux.HandleFunc("GET /-/ready", r.ready)
	if r.Reloader != nil {
		mux.Handle("POST /-/reload", r.Reloader)
	}
	if r.Pprof {
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
func (r *Routes) ready(w http.ResponseWriter, _ *http.Request) {
	if err := r.Handler.Exporter.Check(); err != nil {
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
