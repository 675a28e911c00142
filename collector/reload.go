package collector

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Reloads is a collector that exports whether the configuration was valid when it was last
// loaded. It is safe for concurrent use.
type Reloads struct {
	prometheus.Collector

	successful, succeeded prometheus.Gauge
}

// NewReloads returns a collector for a configuration that has just been loaded.
func NewReloads() *Reloads {
	all := prometheus.NewRegistry()
	r := &Reloads{
		Collector:  all,
		successful: promauto.With(all).NewGauge(prometheus.GaugeOpts(reloadSuccessful.opts())),
		succeeded:  promauto.With(all).NewGauge(prometheus.GaugeOpts(reloadSucceeded.opts())),
	}
	r.Record(nil)
	return r
}

// Record records the result of loading the configuration.
func (r *Reloads) Record(err error) {
	r.successful.Set(boolToFloat(err == nil))
	if err == nil {
		r.succeeded.SetToCurrentTime()
	}
}
