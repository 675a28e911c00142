// Command ordinary is a floor: an exporter as one writes it with client_golang. For each
// scrape it requests the list of each account, drops it, and exports the series that it
// has read from another exporter at its start.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"
)

// concurrency is the default of the exporter's --scrape.concurrency.
const concurrency = 16

// The arguments are the URLs of the API and of the other exporter.
func main() {
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = concurrency
	c, own, err := learn(os.Args[2] + "/metrics")
	if err != nil {
		log.Fatal(err)
	}
	options := promhttp.HandlerOpts{EnableOpenMetrics: true}
	self := prometheus.NewRegistry()
	self.MustRegister(c, prometheus.CollectorFunc(own.collect),
		collectors.NewGoCollector(collectors.WithGoCollectorMemStatsMetricsDisabled()), // like the exporter
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.InstrumentMetricHandler(self,
		promhttp.HandlerFor(self, promhttp.HandlerOpts{EnableOpenMetrics: true, Registry: self})))
	mux.HandleFunc("GET /probe", func(w http.ResponseWriter, r *http.Request) {
		id, reg := r.FormValue("target"), prometheus.NewRegistry()
		reg.MustRegister(collector{map[string]series{id: c.accounts[id]}, c.descs})
		promhttp.HandlerFor(reg, options).ServeHTTP(w, r)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it does not wait
	if err != nil {
		log.Fatal(err)
	}
	fmt.Fprintf(os.Stderr, "msg=\"Listening on\" address=%s\n", listener.Addr()) // as exporter-toolkit does
	log.Fatal(http.Serve(listener, mux))                                         //nolint:gosec // its only client is the parent
}

// list requests the list of an account, and drops it.
func list(account string) error {
	resp, err := http.Get(os.Args[1] + "/accounts/" + account + "/pcaps") //nolint:gosec,noctx // the parent's API
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

type collector struct {
	accounts map[string]series
	descs    []*prometheus.Desc
}

// Describe implements prometheus.Collector.
func (c collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range c.descs {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (c collector) Collect(ch chan<- prometheus.Metric) {
	var group errgroup.Group
	group.SetLimit(concurrency)
	for account, all := range c.accounts {
		group.Go(func() error {
			if err := list(account); err != nil {
				ch <- prometheus.NewInvalidMetric(prometheus.NewInvalidDesc(err), err)
				return nil
			}
			all.collect(ch)
			return nil
		})
	}
	_ = group.Wait()
}
