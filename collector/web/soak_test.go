package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// soakInterval is the scrape interval.
const soakInterval = 15 * time.Second

// TestSoak scrapes for 20 minutes of simulated time, or for SOAK=24h, which takes some
// minutes. There are faults, new tokens and reloads every few minutes. In the second half,
// nothing grows any more.
func TestSoak(t *testing.T) {
	d, err := time.ParseDuration(cmp.Or(os.Getenv("SOAK"), "20m"))
	if err != nil {
		t.Fatal("SOAK: ", err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1)
		for range 10_000 { // as many as the simulated API logs
			w.api.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/accounts/"+w.accounts[0].id+"/pcaps", http.NoBody))
		}
		w.apply(w.accounts)
		var samples [][4]float64
		const n = 40
		for i := range n {
			for start := time.Now(); time.Since(start) < d/n; time.Sleep(soakInterval) {
				w.soak()
			}
			if i >= n/2 {
				samples = append(samples, w.sample())
			}
		}
		t.Logf("%d rounds, %d captures", w.steps, w.accounts[0].created+w.accounts[1].created+w.accounts[2].created)
		for i, bound := range [4]float64{256 << 10, .5, 2, 100} {
			var y []float64
			for _, s := range samples {
				y = append(y, s[i])
			}
			mean, growth := fit(y)
			what := []string{"bytes of heap", "goroutines", "connections", "series"}[i]
			t.Logf("%.0f %s, and %+.1f in the second half", mean, what, growth)
			if growth > bound {
				t.Errorf("%s: %v", what, y)
			}
		}
	})
}

// soak scrapes once.
func (w *world) soak() {
	w.steps++
	w.log.Reset()
	for _, a := range w.accounts {
		for range 20 { // so that the exporter soon forgets as many as it learns of
			a.age(w.r)
		}
		a.gone = slices.Clone(a.gone[max(0, len(a.gone)-20):])
		w.respond(a)
	}
	minute := w.steps * int(soakInterval/time.Second) / 60
	switch {
	case w.steps%4 != 0:
	case minute%3 == 0:
		w.api.Inject(pick(w.r, modelFaults[1:]...).Fault)
	case minute%3 == 1:
		w.api.Heal()
	case minute%4 == 0:
		w.rotateToken()
	default: // one account comes and goes, and credentials are replaced
		w.accounts[0].name = fmt.Sprint("name ", minute)
		w.apply(w.accounts[:2])
		w.apply(w.accounts)
	}
	w.scrapeInParallel(1+w.r.IntN(3), false)
}

// apply reloads a configuration with the accounts.
func (w *world) apply(accounts []*modelAccount) {
	w.configured = accounts
	w.writeConfig()
	w.post(http.StatusOK)
}

// sample returns the bytes of the heap, and the number of goroutines, of connections to the
// API and of series.
func (w *world) sample() [4]float64 {
	v, up := values(nil), 0.0
	for w.api.Heal(); up < float64(len(w.configured)); time.Sleep(soakInterval) {
		v, up = w.parse(w.get(w.t, "/metrics")), 0
		for _, n := range v.of("", "up") {
			up += n
		}
	}
	connections := w.open.Load()
	w.transport.CloseIdleConnections()
	synctest.Wait()
	var memory runtime.MemStats
	runtime.GC()
	runtime.GC() // frees what pools had dropped
	runtime.ReadMemStats(&memory)
	return [4]float64{float64(memory.HeapAlloc), float64(runtime.NumGoroutine()), float64(connections), float64(len(v))}
}

// fit fits a line, and returns the mean and by how much the line grows.
func fit(y []float64) (mean, growth float64) {
	n := float64(len(y))
	for _, v := range y {
		mean += v / n
	}
	var xy, xx float64
	for i, v := range y {
		x := float64(i) - (n-1)/2
		xy, xx = xy+x*(v-mean), xx+x*x
	}
	return mean, xy / xx * (n - 1)
}
