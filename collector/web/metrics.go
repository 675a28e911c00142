package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"cloudflare_pcap_exporter/collector"
	"cloudflare_pcap_exporter/collector/accounts"
)

// metrics serves the metrics of every account and of the exporter itself.
func (h *Handler) metrics(w http.ResponseWriter, r *http.Request) {
	reserve := h.options.TimeoutOffset + time.Duration(h.encoding.Load())*3/2
	ctx, cancel := context.WithTimeout(r.Context(), scrapeTimeout(r.Header, h.options.Timeout, reserve))
	defer cancel()
	all := h.accounts.Rotate()
	collectors := h.collectors(ctx, all)
	if h.options.Tokens {
		collectors = append(collectors, collector.NewTokens(ctx, all))
	}
	var responded time.Time
	ownLast := collector.Func(func(ch chan<- prometheus.Metric) {
		var group sync.WaitGroup
		for _, c := range collectors {
			group.Go(func() { c.Collect(ch) })
		}
		group.Wait()
		responded = time.Now()
		h.self.Collect(ch) // includes the requests of the others
	})
	timed := &timedWriter{ResponseWriter: w}
	h.serve(timed, r, h.self, ownLast)
	deadline, _ := ctx.Deadline()
	took := max(time.Since(responded), time.Since(deadline)) - timed.writing
	h.encoding.Store(max(int64(took), h.encoding.Load()*15/16)) // it varies on a busy machine
}

// probe serves the metrics of the account in the target parameter. An unknown target
// causes no request.
func (h *Handler) probe(w http.ResponseWriter, r *http.Request) {
	targets := r.URL.Query()["target"]
	if len(targets) != 1 {
		http.Error(w, "specify one account: /probe?target=ID-or-name", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), scrapeTimeout(r.Header, h.options.Timeout, h.options.TimeoutOffset))
	defer cancel()
	account := h.accounts.Targets().Find(targets[0])
	if reason := h.undiscovered(); account == nil && reason != "" {
		http.Error(w, reason, http.StatusServiceUnavailable)
		return
	}
	if account == nil {
		http.Error(w, "target is not the id or the name of a configured account", http.StatusBadRequest)
		return
	}
	h.serve(w, r, nil, h.collectors(ctx, []*accounts.Account{account})...)
}

func (h *Handler) collectors(ctx context.Context, of []*accounts.Account) []prometheus.Collector {
	collectors := []prometheus.Collector{collector.NewCaptures(ctx, of, h.options.Concurrency)}
	if h.options.Buckets {
		collectors = append(collectors, collector.NewBuckets(ctx, of, h.options.Concurrency))
	}
	return collectors
}

// serve serves the metrics of the collectors. If self is not nil, it counts errors there.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, self prometheus.Registerer, collectors ...prometheus.Collector) {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors...)
	left := false
	promhttp.HandlerFor(reg, promhttp.HandlerOpts{
		ErrorLog: errorLog(func(v ...any) {
			switch {
			case r.Context().Err() == nil:
				level.Error(h.options.Logger).Log("msg", "serving metrics", "err", fmt.Sprint(v...))
			case !left: // the client, which causes an error for each metric
				left = true
				level.Debug(h.options.Logger).Log("msg", "the client left during the response", "err", fmt.Sprint(v...))
			}
		}),
		ErrorHandling:     promhttp.ContinueOnError, // an invalid metric must not hide the others
		Registry:          self,
		EnableOpenMetrics: true,
	}).ServeHTTP(w, r)
}

// errorLog implements promhttp.Logger.
type errorLog func(...any)

// Println implements promhttp.Logger.
func (l errorLog) Println(v ...any) { l(v...) }
