package collector

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
)

// apiMetrics counts the requests to the API, whichever account they are for.
type apiMetrics struct {
	requests  *prometheus.CounterVec
	duration  *prometheus.HistogramVec
	failures  *prometheus.CounterVec
	retries   prometheus.Counter
	coalesced prometheus.Counter
}

// noAnswer stands for the status of an answer that never came.
const noAnswer = "none"

// newAPIMetrics returns the metrics, registered with reg; what can be foreseen
// of the list of captures is at 0.
func newAPIMetrics(reg prometheus.Registerer) *apiMetrics {
	requests, failures := &catalogue[apiRequests], &catalogue[apiFailures]
	m := &apiMetrics{
		requests:  prometheus.NewCounterVec(requests.counterOpts(), requests.Labels),
		failures:  prometheus.NewCounterVec(failures.counterOpts(), failures.Labels),
		retries:   prometheus.NewCounter(catalogue[apiRetries].counterOpts()),
		coalesced: prometheus.NewCounter(catalogue[coalescedTotal].counterOpts()),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:                            catalogue[apiDuration].FullName(),
			Help:                            catalogue[apiDuration].Help,
			Buckets:                         []float64{.05, .1, .25, .5, 1, 2.5, 5, 10},
			NativeHistogramBucketFactor:     1.1,
			NativeHistogramMaxBucketNumber:  100,
			NativeHistogramMinResetDuration: time.Hour,
		}, catalogue[apiDuration].Labels),
	}
	reg.MustRegister(m.requests, m.failures, m.retries, m.coalesced, m.duration)
	m.foresee(cfapi.EndpointCaptures)
	return m
}

// foresee starts at 0 what can be foreseen of an endpoint.
func (m *apiMetrics) foresee(endpoint string) {
	for _, code := range []string{"200", "401", "403", "404", "429", "500", "502", "503", "504", noAnswer} {
		m.requests.WithLabelValues(endpoint, code)
	}
	for _, reason := range cfapi.Reasons() {
		m.failures.WithLabelValues(endpoint, string(reason))
	}
	m.duration.WithLabelValues(endpoint)
}

func (m *Metric) gaugeOpts() prometheus.GaugeOpts {
	return prometheus.GaugeOpts{Name: m.FullName(), Help: m.Help}
}

func (m *Metric) counterOpts() prometheus.CounterOpts {
	return prometheus.CounterOpts{Name: m.FullName(), Help: m.Help}
}

// Observe counts one request; it is a cfapi.Client's Done.
func (m *apiMetrics) Observe(r cfapi.Request) {
	code := noAnswer
	if r.StatusCode != 0 {
		code = strconv.Itoa(r.StatusCode)
	}
	m.requests.WithLabelValues(r.Endpoint, code).Inc()
	m.duration.WithLabelValues(r.Endpoint).Observe(r.Duration.Seconds())
	if r.Err != nil {
		m.failures.WithLabelValues(r.Endpoint, string(cfapi.ReasonOf(r.Err))).Inc()
	}
	if r.Retry {
		m.retries.Inc()
	}
}
