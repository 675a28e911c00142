package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

// modelFault is a fault, and what a scrape that meets it can come to: reasons for a failure,
// or "".
type modelFault struct {
	outcomes []string
	simulation.Fault
}

var modelFaults = []modelFault{
	{[]string{"", "rate_limited"}, simulation.Fault{Headers: http.Header{"Ratelimit": {`"default";r=0;t=30`}}}},
	{[]string{""}, simulation.Fault{Latency: time.Second}},
	{[]string{""}, simulation.Fault{Status: 503, Times: 2}},
	{[]string{""}, simulation.Fault{Reset: true, Times: 2}},
	{[]string{"server"}, simulation.Fault{Status: 500}},
	{[]string{"server"}, simulation.Fault{Status: 502, Body: "<html>" + secret}},
	{[]string{"network"}, simulation.Fault{Reset: true}},
	{[]string{"decode"}, simulation.Fault{CutOff: 1}},
	{[]string{"decode"}, simulation.Fault{CutOff: 700}},
	{[]string{"decode"}, simulation.Fault{Body: "<html>" + secret}},
	{[]string{"decode"}, simulation.Fault{Body: `{"` + secret + `":` + secret}},
	{[]string{"timeout"}, simulation.Fault{Hang: true}},
	{[]string{"timeout"}, simulation.Fault{Latency: 20 * time.Second}},
	{[]string{"rejected"}, simulation.Fault{Status: 404}},
	{[]string{"rejected"}, simulation.Fault{Refuse: true}},
	{[]string{"rejected"}, simulation.Fault{Redirect: "http://127.0.0.1:1/?" + secret}},
	{[]string{"forbidden"}, simulation.Fault{Status: 403}},
	{[]string{"unauthorized"}, simulation.Fault{Status: 401}},
	{[]string{"unauthorized"}, simulation.Fault{Status: 400, Body: `{"success":false,"errors":[{"code":6003,"message":"` + secret + `"}]}`}},
	{[]string{"rate_limited"}, simulation.Fault{Status: 429}},
	{[]string{"rate_limited"}, simulation.Fault{Status: 429, RetryAfter: "50"}},
	{[]string{"rate_limited"}, simulation.Fault{Body: `{"success":false,"errors":[{"code":10040,"message":"` + secret + `"}]}`}},
}

// step changes the world, scrapes, and checks the last exposition.
func (w *world) step() {
	time.Sleep(time.Duration(15+w.r.IntN(90)) * time.Second)
	if chance(w.r, 10) {
		time.Sleep(11 * time.Minute)
	}
	w.start = time.Now()
	w.steps++
	w.log.Reset()
	for _, a := range w.accounts {
		a.age(w.r)
		w.respond(a)
	}
	w.changeToken()
	switch {
	case chance(w.r, 10):
		w.reload()
	case w.token == w.api.Token && chance(w.r, 5):
		w.configure()
		w.restart()
	}
	w.fault = modelFault{}
	if chance(w.r, 50) {
		faults := modelFaults
		if w.options.Accounts.RateLimit > 0 {
			faults = faults[1:] // the next window would be reserved for the clients that used up this one
		}
		w.fault = pick(w.r, faults...)
		w.fault.Account = pick(w.r, "", w.accounts[0].id, w.accounts[2].id)
		w.api.Inject(w.fault.Fault)
	}
	var seen []values
	if chance(w.r, 40) {
		seen = w.scrapeInParallel(1+w.r.IntN(8), chance(w.r, 20))
	}
	w.note()
	if chance(w.r, 50) {
		w.api.Heal()
		w.fault = modelFault{}
	}
	w.check(seen)
	w.api.Heal()
	w.note()
}

// respond makes the API respond with the captures of the account.
func (w *world) respond(a *modelAccount) {
	body, err := json.Marshal(map[string]any{"success": true, "result": slices.Concat([]*modelCapture{}, a.listed)})
	if err != nil {
		w.t.Fatal(err)
	}
	w.api.Account(a.id).Respond(body)
}

func (w *world) changeToken() {
	switch {
	case w.token != w.api.Token && chance(w.r, 60), chance(w.r, 5):
		w.rotateToken()
	case chance(w.r, 3):
		w.token = secret + "revoked"
		w.writeToken(w.token)
	case chance(w.r, 3):
		w.token = ""
		w.writeToken(`"` + secret + `"`)
	}
}

// note notes for how long the exporter may send no requests.
func (w *world) note() {
	if slices.Contains(w.fault.outcomes, "rate_limited") {
		w.held = time.Now().Add(time.Minute)
	}
	if slices.Contains(w.fault.outcomes, "unauthorized") || w.token != w.api.Token || strings.Contains(w.log.String(), "reason=unauthorized") {
		w.refused = time.Now().Add(22 * time.Minute) // a pause, and the time until a request ends it
	}
}

// scrapeInParallel scrapes n times, with and without aborts, and reloads meanwhile if asked to.
func (w *world) scrapeInParallel(n int, reload bool) (seen []values) {
	bodies := make([]string, n)
	var scrapes sync.WaitGroup
	for i := range n {
		path := pick(w.r, "/metrics", "/probe?target="+pick(w.r, w.configured...).id)
		delay, timeout := time.Duration(w.r.IntN(2000))*time.Millisecond, pick(w.r, "", "1", "5", "30")
		ctx, cancel := context.WithCancel(w.t.Context())
		defer cancel()
		if chance(w.r, 30) {
			time.AfterFunc(delay+time.Duration(w.r.IntN(2000))*time.Millisecond, cancel)
		}
		scrapes.Go(func() {
			time.Sleep(delay)
			req := httptest.NewRequestWithContext(ctx, http.MethodGet, path, http.NoBody)
			req.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", timeout)
			resp := httptest.NewRecorder()
			w.ServeHTTP(resp, req)
			bodies[i] = resp.Body.String()
		})
	}
	if reload {
		time.Sleep(time.Duration(w.r.IntN(2000)) * time.Millisecond)
		w.reload(w.configured...) // removed accounts would keep what this step cannot see
	}
	scrapes.Wait()
	synctest.Wait()
	for _, body := range bodies {
		seen = append(seen, w.parse(body))
	}
	return seen
}
