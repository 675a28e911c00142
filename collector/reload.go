package collector

import (
	"net/http"
	"sync"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"
)

// reloader loads the configuration file again.
type reloader struct {
	mu         sync.Mutex // the file read last is the one applied last
	path       string
	exporter   *exporter
	logger     log.Logger
	successful prometheus.Gauge
	succeeded  prometheus.Gauge
}

// newReloader returns a reloader whose metrics, registered with reg, show a
// configuration that has just been loaded. Without a path there is nothing to
// load again.
func newReloader(path string, e *exporter, reg prometheus.Registerer) *reloader {
	r := &reloader{
		path:       path,
		exporter:   e,
		logger:     e.options.Logger,
		successful: prometheus.NewGauge(catalogue[reloadSuccessful].gaugeOpts()),
		succeeded:  prometheus.NewGauge(catalogue[reloadSucceeded].gaugeOpts()),
	}
	reg.MustRegister(r.successful, r.succeeded)
	r.successful.Set(1)
	r.succeeded.SetToCurrentTime()
	return r
}

// Reload applies the file. If it is bad, the old configuration stays.
func (r *reloader) Reload() error {
	if r.path == "" {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	cfg, err := LoadConfig(r.path)
	if err == nil {
		err = r.exporter.Apply(cfg)
	}
	if err != nil {
		r.successful.Set(0)
		level.Error(r.logger).Log("msg", "reloading the configuration failed, the old one stays", "err", err)
		return err
	}
	r.successful.Set(1)
	r.succeeded.SetToCurrentTime()
	level.Info(r.logger).Log("msg", "configuration reloaded", "accounts", len(cfg.Accounts))
	return nil
}

// ServeHTTP reloads, and answers 500 if the file is bad.
func (r *reloader) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if err := r.Reload(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	writeLine(w, "reloaded")
}
