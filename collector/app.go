package collector

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	versioncollector "github.com/prometheus/client_golang/prometheus/collectors/version"
)

// Name is that of the program.
const Name = "cloudflare_pcap_exporter"

// An App is the exporter without the socket that it listens on.
type App struct {
	http.Handler

	reloader *reloader
	exporter *exporter
	self     *prometheus.Registry // metrics of the exporter itself
}

// New returns an exporter of the configuration. It asks nothing of the API, so
// an error is one of the configuration.
func New(cfg *Config, o Options) (*App, error) {
	self := prometheus.NewRegistry()
	exporter, err := newExporter(cfg, o, newAPIMetrics(self))
	if err != nil {
		return nil, err
	}
	self.MustRegister(
		// go_memstats_alloc_bytes and go_memstats_alloc_bytes_total are one name
		// in OpenMetrics, which does not allow that.
		collectors.NewGoCollector(collectors.WithGoCollectorMemStatsMetricsDisabled()),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		versioncollector.NewCollector(Name),
		limitsCollector{exporter},
	)
	app := &App{reloader: newReloader(o.ConfigFile, exporter, self), exporter: exporter, self: self}
	app.Handler = app.routes()
	return app, nil
}

// Reload reads the configuration file again, if there is one. It logs what is
// wrong with it, and then changes nothing.
func (a *App) Reload() { _ = a.reloader.Reload() }
