// Package web serves the exporter's endpoints.
package web

import (
	"context"
	"net/http"
	"net/http/pprof"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/common/expfmt"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/config"
)

// Name is the name of the program.
const Name = "cloudflare_pcap_exporter"

// Options configure a Handler.
type Options struct {
	Accounts      accounts.Options // New sets the fields that follow from others, and the callbacks
	Buckets       bool             // export the ownership of buckets
	Tokens        bool             // export the state of tokens
	Timeout       time.Duration    // maximum duration of a scrape
	TimeoutOffset time.Duration    // minimum to subtract from the timeout that Prometheus sends
	Concurrency   int              // accounts listed at the same time by one scrape
	ConfigFile    string           // read again on a reload; "" if there is none
	MetricsPath   string
	MaxRequests   int  // scrapes served at the same time
	Lifecycle     bool // reload on POST /-/reload
	Pprof         bool // serve profiles
	Version       string
	Logger        log.Logger
}

// A Handler serves the exporter's endpoints.
type Handler struct {
	http.Handler

	options   Options
	accounts  *accounts.Set
	reloading sync.Mutex // the file read last must be the one applied last
	reloads   *collector.Reloads
	rejected  atomic.Pointer[error] // of the last reload
	self      *prometheus.Registry  // metrics of the exporter itself
	encoding  atomic.Int64          // nanoseconds to reserve for what follows collecting, as recent responses of /metrics took
}

// New returns a handler for a configuration. It sends no requests to the API, so
// every error is in the configuration.
func New(ctx context.Context, cfg *config.Config, o Options) (*Handler, error) {
	h := &Handler{options: o, self: prometheus.NewRegistry()}
	h.rejected.Store(new(error))
	endpoints := []string{cfapi.EndpointCaptures}
	if o.Buckets {
		endpoints = append(endpoints, cfapi.EndpointOwnership)
	}
	if o.Tokens {
		endpoints = append(endpoints, cfapi.EndpointVerify)
	}
	requests := collector.NewRequests(endpoints...)
	o.Accounts.UserAgent, o.Accounts.Timeout, o.Accounts.Logger = Name+"/"+o.Version, o.Timeout, o.Logger
	o.Accounts.NewHistogram = collector.NewDurationHistogram
	o.Accounts.OnRequest = requests.Observe
	var err error
	if h.accounts, err = accounts.New(ctx, cfg, o.Accounts); err != nil {
		return nil, err
	}
	h.reloads = collector.NewReloads()
	h.self.MustRegister(requests, collector.NewRateLimits(h.accounts), collector.NewDiscovery(h.accounts), h.reloads,
		// go_memstats_alloc_bytes and go_memstats_alloc_bytes_total have the same name in
		// OpenMetrics, which does not allow that.
		collectors.NewGoCollector(collectors.WithGoCollectorMemStatsMetricsDisabled()),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		versioncollector.NewCollector(Name),
	)
	h.Handler = h.routes()
	return h, nil
}

func (h *Handler) routes() *http.ServeMux {
	scrapes := limit(func() int { return h.options.MaxRequests }, "too many concurrent scrapes: see --web.max-requests")
	scrapesOfAll := limit(h.maxScrapesOfAll, "too many concurrent scrapes of all accounts: use fewer servers, or /probe for single accounts")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", h.status)
	mux.Handle("GET "+h.options.MetricsPath, promhttp.InstrumentMetricHandler(h.self, scrapes(scrapesOfAll(h.metrics))))
	mux.HandleFunc("HEAD "+h.options.MetricsPath, head)
	mux.Handle("GET /probe", scrapes(h.probe))
	mux.HandleFunc("HEAD /probe", head)
	mux.HandleFunc("GET /sd", h.serviceDiscovery)
	mux.HandleFunc("GET /-/healthy", healthy)
	mux.HandleFunc("GET /-/ready", h.ready)
	mux.HandleFunc("POST /-/reload", h.reload)
	if h.options.Pprof {
		mux.HandleFunc("GET /debug/pprof/", pprof.Index)
		mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
		mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
		mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
		mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	}
	return mux
}

// limit returns a limit on the requests served at the same time. Excess ones get a 503. promhttp's
// own limit applies to one of its handlers, and here each request has its own.
func limit(maximum func() int, message string) func(http.HandlerFunc) http.HandlerFunc {
	var serving atomic.Int64
	return func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			defer serving.Add(-1)
			if serving.Add(1) > int64(maximum()) {
				http.Error(w, message, http.StatusServiceUnavailable)
				return
			}
			next(w, r)
		}
	}
}

// maxAccounts is the maximum number of accounts in concurrent responses of /metrics, which
// bounds their memory.
const maxAccounts = 2500

// maxScrapesOfAll returns the maximum number of concurrent scrapes of /metrics, of which two are
// always served.
func (h *Handler) maxScrapesOfAll() int {
	return max(2, maxAccounts/max(1, len(h.accounts.Targets().Accounts)))
}

// head responds to HEAD without a request to the API, which the handler of GET would send.
func head(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", string(expfmt.NewFormat(expfmt.TypeTextPlain)))
}

func writeLine(w http.ResponseWriter, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(line + "\n"))
}
