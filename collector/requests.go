package collector

import (
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"cloudflare_pcap_exporter/cfapi"
)

const (
	noResponse  = "none"  // the code of a request without a response
	otherStatus = "other" // the code of a status outside 100 to 599: HTTP/2 accepts any number
)

// Requests is a collector that counts requests to the API.
type Requests struct {
	prometheus.Collector

	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	failures *prometheus.CounterVec
	retries  prometheus.Counter
}

// NewRequests returns a collector. The series of the endpoints start at 0.
func NewRequests(endpoints ...string) *Requests {
	all := prometheus.NewRegistry()
	factory := promauto.With(all)
	r := &Requests{
		Collector: all,
		requests:  factory.NewCounterVec(prometheus.CounterOpts(apiRequests.opts()), apiRequests.Labels),
		failures:  factory.NewCounterVec(prometheus.CounterOpts(apiFailures.opts()), apiFailures.Labels),
		retries:   factory.NewCounter(prometheus.CounterOpts(apiRetries.opts())),
		duration:  factory.NewHistogramVec(apiDuration.histogramOpts(.05, .1, .25, .5, 1, 2.5, 5, 10), apiDuration.Labels),
	}
	for _, endpoint := range endpoints {
		r.initialize(endpoint)
	}
	return r
}

// initialize creates the series of an endpoint at 0, so that increase() sees the first
// event.
func (r *Requests) initialize(endpoint string) {
	for _, code := range []string{"200", "401", "403", "404", "429", "500", "502", "503", "504", noResponse} {
		r.requests.WithLabelValues(endpoint, code)
	}
	for _, reason := range cfapi.Reasons() {
		if reason == cfapi.ReasonCredentials {
			continue // no request was sent
		}
		r.failures.WithLabelValues(endpoint, string(reason))
	}
	r.duration.WithLabelValues(endpoint)
}

// Observe counts one request to the API.
func (r *Requests) Observe(req cfapi.Request) {
	code := noResponse
	if req.StatusCode >= 100 && req.StatusCode < 600 {
		code = strconv.Itoa(req.StatusCode)
	} else if req.StatusCode != 0 {
		code = otherStatus
	}
	r.requests.WithLabelValues(req.Endpoint, code).Inc()
	r.duration.WithLabelValues(req.Endpoint).Observe(req.Duration.Seconds())
	if req.Err != nil {
		r.failures.WithLabelValues(req.Endpoint, string(cfapi.ReasonOf(req.Err))).Inc()
	}
	if req.Retry {
		r.retries.Inc()
	}
}
