package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// checkAccount compares an exposition with the model. seen are the expositions since the last
// one that was compared.
func (w *world) checkAccount(a *modelAccount, v values, seen []values) {
	last := fmt.Sprintf("last_success_timestamp_seconds{account=%q}", a.id)
	lists := map[float64]values{a.success: a.gauges} // by their times
	if v[last] > a.success {
		a.commit()
		a.success, a.gauges = v[last], a.wantGauges()
	}
	if problem := v.of(a.id, eventMetrics...).diff(a.events); problem != "" || v[last] != a.success {
		w.t.Errorf("last success %f, want %f; %s", v[last], a.success, problem)
	}
	w.checkErrors(a, v, len(seen)+1)
	w.checkGauges(a, v)
	for _, s := range seen {
		w.checkList(a, s, lists)
	}
}

// checkList checks an exposition that may have another list than the last one.
func (w *world) checkList(a *modelAccount, v values, lists map[float64]values) {
	at, ok := v.listTime(a)
	if !ok {
		return
	}
	want, known := lists[at]
	if at >= seconds(w.start) {
		want, known = a.gauges, true // as all lists of this step
	}
	if problem := v.of(a.id, listMetrics...).diff(want); problem != "" || !known {
		w.t.Errorf("in parallel, a list of %f: %s", at, problem)
	}
}

// listTime returns the time of the exported list, if there is one.
func (v values) listTime(a *modelAccount) (at float64, ok bool) {
	if _, ok = v[fmt.Sprintf("list_limit_reached{account=%q}", a.id)]; !ok {
		return 0, false
	}
	return v[fmt.Sprintf("last_success_timestamp_seconds{account=%q}", a.id)], true
}

// checkErrors checks that each scrape counted at most one error, and the last one if it failed.
func (w *world) checkErrors(a *modelAccount, v values, scrapes int) {
	got, more := v.of(a.id, "scrape_errors_total"), 0.0
	for series, n := range got {
		more += n - a.errors[series]
	}
	failed := 1 - v[fmt.Sprintf("up{account=%q}", a.id)]
	if len(got) != len(cfapi.Reasons()) || more < failed || more > float64(scrapes) || scrapes == 1 && more != failed {
		w.t.Errorf("%v errors in %d scrapes, the last of which failed: %v", more, scrapes, failed == 1)
	}
	a.errors = got
}

// checkGauges checks the metrics of the list.
func (w *world) checkGauges(a *modelAccount, v values) {
	got := v.of(a.id, listMetrics...)
	at, _ := v.listTime(a)
	o, isUp := w.options.Accounts, v[fmt.Sprintf("up{account=%q}", a.id)] == 1
	youngest, oldest := seconds(w.scraped)-a.success, seconds(time.Now())-a.success // the age of the list during the scrape
	switch {
	case isUp && youngest > 0 && youngest >= o.MinInterval.Seconds():
		w.t.Errorf("up with a list of %f", a.success)
	case !isUp && at == 0 && oldest >= o.MaxStaleness.Seconds():
		if len(got) > 0 {
			w.t.Errorf("%d series of a list, but none is exported", len(got))
		}
	case at != a.success || !isUp && youngest >= o.MaxStaleness.Seconds():
		w.t.Errorf("a list of %f, want %f; up %v", at, a.success, isUp)
	default:
		if problem := got.diff(a.gauges); problem != "" {
			w.t.Error(problem)
		}
	}
}

// check scrapes once, and compares the exposition with the model. seen are the expositions of
// this step before.
func (w *world) check(seen []values) {
	w.scraped = time.Now()
	v := w.parse(w.get(w.t, "/metrics"))
	for _, between := range append(slices.Clone(seen), v) {
		w.checkRise(w.before, between)
		w.checkRise(between, v)
	}
	for series := range w.before {
		if _, ok := v[series]; !ok && isCounter(series) {
			w.t.Errorf("%s is missing", series)
		}
	}
	if n := len(v.of("", "up")); n != len(w.configured) {
		w.t.Errorf("%d accounts, want %d", n, len(w.configured))
	}
	for _, a := range w.configured {
		w.checkAccount(a, v, seen)
	}
	w.checkHoldOffs()
	if got := v["exporter_config_last_reload_successful"] == 1; got != w.reloaded {
		w.t.Errorf("last reload successful: %v", got)
	}
	w.checkSecrets(w.do(http.MethodGet, pick(w.r, "/", "/sd", "/-/ready")).Body.String())
	w.checkSecrets(w.log.String())
	w.before = v
}

// checkHoldOffs checks that no request follows a 429 before the time in it, or within a minute.
func (w *world) checkHoldOffs() {
	for _, r := range w.api.Requests() {
		i := slices.IndexFunc(w.accounts, func(a *modelAccount) bool { return strings.Contains(r.Path, a.id) })
		if i < 0 || r.Time.Before(w.start) {
			continue
		}
		last := &w.tooMany[i%2]
		if since := r.Time.Sub(*last); since > 0 && since < 50*time.Second {
			w.t.Errorf("a request %v after a 429", since)
		}
		if r.Status == http.StatusTooManyRequests {
			*last = r.Time
		}
	}
}

func (w *world) checkSecrets(text string) {
	for line := range strings.Lines(text) {
		if strings.Contains(line, secret) || strings.Contains(line, address) {
			w.t.Errorf("a secret in %s", line)
		}
	}
}

// parse parses an exposition. It checks that the exposition has no secret and no series twice.
func (w *world) parse(text string) values {
	w.checkSecrets(text)
	v := make(values)
	for line := range strings.Lines(text) {
		line, ok := strings.CutPrefix(strings.TrimSpace(line), "cloudflare_pcap_")
		if !ok {
			continue
		}
		i := strings.LastIndexByte(line, ' ')
		n, err := strconv.ParseFloat(line[i+1:], 64)
		if _, again := v[line[:i]]; again || err != nil {
			w.t.Errorf("again %v, error %v: %s", again, err, line)
		}
		v[line[:i]] = n
	}
	return v
}

// isCounter reports whether a series never falls.
func isCounter(series string) bool {
	name, _, _ := strings.Cut(series, "{")
	return slices.ContainsFunc([]string{"_total", "_count", "_sum", "_bucket"}, func(s string) bool { return strings.HasSuffix(name, s) })
}

// checkRise checks that no counter has fallen.
func (w *world) checkRise(from, to values) {
	for series, n := range from {
		if got, ok := to[series]; ok && got < n && isCounter(series) {
			w.t.Errorf("%s fell from %v to %v", series, n, got)
		}
	}
}
