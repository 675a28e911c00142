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
// minutes. There are faults, new tokens and reloads every few minutes. In the last quarter,
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
		var least [4][3]float64 // of each quarter of the time
		const n = 40
		for i := range n {
			for start := time.Now(); time.Since(start) < d/n; time.Sleep(soakInterval) {
				w.soak()
			}
			for k, v := range w.sample() {
				if quarter := &least[i*4/n]; i*4%n == 0 || v < quarter[k] {
					quarter[k] = v
				}
			}
		}
		t.Logf("%d rounds, %d captures", w.steps, w.accounts[0].created+w.accounts[1].created+w.accounts[2].created)
		for k, bound := range [3]float64{128 << 10, 5, 50} {
			what, growth := []string{"bytes of heap", "goroutines", "series"}[k], least[3][k]-least[2][k]
			t.Logf("%.0f %s, and %+.0f in the last quarter", least[2][k], what, growth)
			if growth > bound {
				t.Errorf("too many %s in the last quarter", what)
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
		w.api.Inject(pick(w.r, modelFaults[1:]...))
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

// sample returns the bytes of the heap, and the number of goroutines and of series. Each
// connection to the API that is not idle has goroutines.
func (w *world) sample() [3]float64 {
	v, up := values(nil), 0.0
	for w.api.Heal(); up < float64(len(w.configured)); time.Sleep(soakInterval) {
		v, up = w.parse(w.get(w.t, "/metrics")), 0
		for _, n := range v.of("", "up") {
			up += n
		}
	}
	w.transport.CloseIdleConnections()
	synctest.Wait()
	var memory runtime.MemStats
	runtime.GC()
	runtime.GC() // frees what pools had dropped
	runtime.ReadMemStats(&memory)
	return [3]float64{float64(memory.HeapAlloc), float64(runtime.NumGoroutine()), float64(len(v))}
}
