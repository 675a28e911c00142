package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

var modelFaults = []simulation.Fault{
	{Headers: http.Header{"Ratelimit": {`"default";r=0;t=30`}}},
	{Latency: time.Second},
	{Status: 503, Times: 2},
	{Reset: true, Times: 2},
	{Status: 502, Body: "<html>" + secret},
	{Reset: true},
	{CutOff: 700},
	{Body: `{"` + secret + `":` + secret},
	{Hang: true},
	{Latency: 20 * time.Second},
	{Refuse: true},
	{Redirect: "http://127.0.0.1:1/?" + secret},
	{Status: 403},
	{Status: 401},
	{Status: 400, Body: `{"success":false,"errors":[{"code":6003,"message":"` + secret + `"}]}`},
	{Status: 429, RetryAfter: "50"},
	{Body: `{"success":false,"errors":[{"code":10040,"message":"` + secret + `"}]}`},
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
	if chance(w.r, 50) {
		fault := pick(w.r, modelFaults...)
		fault.Account = pick(w.r, "", w.accounts[0].id, w.accounts[2].id)
		w.api.Inject(fault)
	}
	var seen []values
	if chance(w.r, 40) {
		seen = w.scrapeInParallel(1+w.r.IntN(8), chance(w.r, 20))
	}
	if chance(w.r, 50) {
		w.api.Heal()
	}
	w.check(seen)
	w.api.Heal()
}

// checkRecovery checks that all accounts are up some time after the last fault.
func (w *world) checkRecovery() {
	if w.token != w.api.Token {
		w.rotateToken()
	}
	time.Sleep(25 * time.Minute) // longer than any pause
	scrape(w.exporter)           // after a pause, one list shows whether the token is accepted
	time.Sleep(time.Minute)
	v := w.parse(w.get(w.t, "/metrics"))
	for _, a := range w.configured {
		if v[fmt.Sprintf("up{account=%q}", a.id)] != 1 {
			w.t.Errorf("%s is not up again", a.id)
		}
	}
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
