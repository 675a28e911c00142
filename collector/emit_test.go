package collector

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

// With the time at which a counter started, Prometheus sees the increase to its first value.
func TestCounterCreated(t *testing.T) {
	start := time.Now().Truncate(time.Second)
	reg := prometheus.NewPedanticRegistry()
	reg.MustRegister(NewCaptures(t.Context(), newAccounts(t, new(simulation.API)), 1))
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counters := 0
	for _, family := range families {
		for _, m := range family.GetMetric() {
			if m.Counter == nil {
				continue
			}
			counters++
			if created := m.GetCounter().GetCreatedTimestamp().AsTime(); created.Before(start) || created.After(time.Now()) {
				t.Errorf("%s was created at %v", family.GetName(), created)
			}
		}
	}
	if counters == 0 {
		t.Error("no counters")
	}
}
