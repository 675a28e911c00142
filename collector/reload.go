package collector

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Reloads is a collector that exports whether the configuration was valid when it was last
// loaded. It is safe for concurrent use.
type Reloads struct {
	collectorFunc

	mu         sync.Mutex
	successful bool
	succeeded  time.Time // last
}

// NewReloads returns a collector for a configuration that has just been loaded.
func NewReloads() *Reloads {
	r := new(Reloads)
	r.collectorFunc = r.collect
	r.Succeeded()
	return r
}

// Succeeded records that a valid configuration was loaded.
func (r *Reloads) Succeeded() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.successful, r.succeeded = true, time.Now()
}

// Failed records that an invalid configuration was refused.
func (r *Reloads) Failed() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.successful = false
}

func (r *Reloads) collect(ch chan<- prometheus.Metric) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ch <- prometheus.MustNewConstMetric(reloadSuccessful.desc, prometheus.GaugeValue, boolToFloat(r.successful))
	ch <- prometheus.MustNewConstMetric(reloadSucceeded.desc, prometheus.GaugeValue, timestamp(r.succeeded))
}
