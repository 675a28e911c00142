package collector

import "github.com/prometheus/client_golang/prometheus"

// Reloads records whether the configuration was valid when it was last loaded.
type Reloads struct{ successful, succeeded prometheus.Gauge }

// NewReloads returns metrics, registered with reg, of a configuration that has just been
// loaded.
func NewReloads(reg prometheus.Registerer) *Reloads {
	r := &Reloads{
		successful: prometheus.NewGauge(catalogue[reloadSuccessful].gaugeOpts()),
		succeeded:  prometheus.NewGauge(catalogue[reloadSucceeded].gaugeOpts()),
	}
	reg.MustRegister(r.successful, r.succeeded)
	r.Succeeded()
	return r
}

// Succeeded records that a valid configuration was loaded.
func (r *Reloads) Succeeded() {
	r.successful.Set(1)
	r.succeeded.SetToCurrentTime()
}

// Failed records that an invalid configuration was refused.
func (r *Reloads) Failed() { r.successful.Set(0) }
