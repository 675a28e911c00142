package collector

import (
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
)

// Through has all requests to the API go through next. It is for a synctest
// bubble, in which time stands still while anyone waits for a socket.
func (a *App) Through(next http.RoundTripper) {
	for _, c := range a.exporter.active.Load().credentials {
		c.transport.next = next
	}
}

// Self is the registry of the exporter itself.
func (a *App) Self() prometheus.Gatherer { return a.self }
