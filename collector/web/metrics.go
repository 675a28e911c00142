package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/go-kit/log"
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
	if h.options.Token {
		collectors = append(collectors, collector.NewTokens(ctx, all))
	}
	own, timed := &ownLast{requesting: collectors, self: h.self}, &timedWriter{ResponseWriter: w}
	h.serve(timed, r, newRegistry(own, h.runtime), h.self)
	deadline, _ := ctx.Deadline()
	took := max(time.Since(own.responded), time.Since(deadline)) - timed.writing
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
	h.serve(w, r, newRegistry(h.collectors(ctx, []*accounts.Account{account})...), nil)
}

func (h *Handler) collectors(ctx context.Context, of []*accounts.Account) []prometheus.Collector {
	collectors := []prometheus.Collector{collector.NewCaptures(ctx, of, h.options.Concurrency)}
	if h.options.Buckets {
		collectors = append(collectors, collector.NewBuckets(ctx, of, h.options.Concurrency))
	}
	return collectors
}

// newRegistry returns a registry for a single request.
func newRegistry(collectors ...prometheus.Collector) *prometheus.Registry {
	reg := prometheus.NewRegistry()
	reg.MustRegister(collectors...)
	return reg
}

// ownLast is a collector that collects the exporter's own metrics last, so that they include
// the requests of the others.
type ownLast struct {
	requesting []prometheus.Collector
	self       prometheus.Collector
	responded  time.Time // when the requesting ones returned
}

// Describe implements prometheus.Collector.
func (s *ownLast) Describe(ch chan<- *prometheus.Desc) {
	for _, c := range s.requesting {
		c.Describe(ch)
	}
	s.self.Describe(ch)
}

// Collect implements prometheus.Collector.
func (s *ownLast) Collect(ch chan<- prometheus.Metric) {
	var group sync.WaitGroup
	for _, c := range s.requesting {
		group.Go(func() { c.Collect(ch) })
	}
	group.Wait()
	s.responded = time.Now()
	s.self.Collect(ch)
}

// serve serves the metrics of a registry. If self is not nil, it counts errors there.
func (h *Handler) serve(w http.ResponseWriter, r *http.Request, g prometheus.Gatherer, self prometheus.Registerer) {
	promhttp.HandlerFor(g, promhttp.HandlerOpts{
		ErrorLog:          &errorLog{logger: h.options.Logger, client: r.Context()},
		ErrorHandling:     promhttp.ContinueOnError, // an invalid metric must not hide the others
		Registry:          self,
		EnableOpenMetrics: true,
	}).ServeHTTP(w, r)
}

// errorLog is the error log of promhttp for one request. After the client has left, promhttp
// reports an error for each metric.
type errorLog struct {
	logger log.Logger
	client context.Context // ends when the client leaves
	left   bool            // was logged
}

// Println implements promhttp.Logger.
func (l *errorLog) Println(v ...any) {
	switch {
	case l.client.Err() == nil:
		level.Error(l.logger).Log("msg", "serving metrics", "err", fmt.Sprint(v...))
	case !l.left:
		l.left = true
		level.Debug(l.logger).Log("msg", "the client left during the response", "err", fmt.Sprint(v...))
	}
}
