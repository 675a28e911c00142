package ratelimit

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const defaultPolicy = `"default";q=1200;w=300`

// A nil response is lost.
func TestReserve(t *testing.T) {
	for name, test := range map[string]struct {
		limit     int
		responses []*http.Response
		want      int
	}{
		"above the reserve":       {1000, []*http.Response{response(`"default";r=205;t=30`, defaultPolicy)}, 5},
		"at the reserve":          {1000, []*http.Response{response(`"default";r=200;t=30`, defaultPolicy)}, 0},
		"below the reserve":       {1000, []*http.Response{response(`"default";r=7;t=30`, defaultPolicy)}, 0},
		"plenty":                  {1000, []*http.Response{response(`"default";r=1000;t=30`, defaultPolicy)}, many},
		"limit equal to quota":    {1200, []*http.Response{response(`"default";r=5;t=30`, defaultPolicy)}, 5},
		"limit above quota":       {5000, []*http.Response{response(`"default";r=5;t=30`, defaultPolicy)}, 5},
		"no limit":                {0, []*http.Response{response(`"default";r=5;t=30`, defaultPolicy)}, 5},
		"no quota":                {1000, []*http.Response{response(`"default";r=5;t=30`, "")}, 5},
		"quota in the second":     {1000, []*http.Response{response(`"default";r=209;t=30`, ""), response(`"default";r=208;t=30`, defaultPolicy)}, 8},
		"quota in the first only": {1000, []*http.Response{response(`"default";r=209;t=30`, defaultPolicy), response(`"default";r=208;t=30`, "")}, 8},
		"window above 5 minutes":  {1000, []*http.Response{response(`"day";r=5;t=30`, `"day";q=90000;w=86400`)}, 5},
		"window below 5 minutes":  {100, []*http.Response{response(`"ip";r=105;t=30`, `"ip";q=200;w=1`)}, 5},
		"lowest of two policies":  {1000, []*http.Response{response(`"a";r=9;t=30, "b";r=8;t=30`, "")}, 8},
		"lost response":           {1000, []*http.Response{response(`"a";r=9;t=30`, ""), nil}, 8},
		"low limit":               {7, []*http.Response{response(`"a";r=1300;t=30`, defaultPolicy)}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			l := &Limiter{Limit: test.limit}
			for _, resp := range test.responses {
				if resp == nil {
					lose(t, l)
				} else {
					receive(t, l, resp)
				}
			}
			if n, _ := available(l); n != test.want {
				t.Errorf("%d requests are available, want %d", n, test.want)
			}
		})
	}
}

// Nothing is known of the next window.
func TestWindowEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, end := &Limiter{Limit: 1000}, time.Now().Add(30*time.Second)
		receive(t, l, response(`"default";r=205;t=30`, defaultPolicy))
		checkAvailable(t, l, 5, end)
		time.Sleep(30*time.Second - tick)
		checkAvailable(t, l, 5, end)
		time.Sleep(tick)
		checkAvailable(t, l, many, time.Time{})
	})
}

// Other clients get as many requests reserved as they sent in the window before, less the
// requests that they have sent in this one.
func TestReserveForOtherClients(t *testing.T) {
	const policy = `"default";q=30;w=300`
	for remaining, want := range map[int]int{28: 13, 24: 13, 18: 8} { // the reserve is 15, 11 and 10
		synctest.Test(t, func(t *testing.T) {
			l := &Limiter{Limit: 20}
			receive(t, l, response(`"default";r=14;t=30`, policy)) // others sent 15
			time.Sleep(time.Minute)
			receive(t, l, response(`"default";r=29;t=300`, policy))
			receive(t, l, response(fmt.Sprintf(`"default";r=%d;t=300`, remaining), policy))
			if n, _ := available(l); n != want {
				t.Errorf("r=%d: %d requests are available, want %d", remaining, n, want)
			}
		})
	}
}

// What other clients sent long ago says nothing about the next window.
func TestReserveIsForgotten(t *testing.T) {
	for pause, want := range map[time.Duration]int{4 * time.Minute: 0, time.Hour: many} {
		synctest.Test(t, func(t *testing.T) {
			l := &Limiter{Limit: 1000}
			receive(t, l, response(`"default";r=0;t=30`, defaultPolicy))
			time.Sleep(pause)
			receive(t, l, response(`"default";r=1199;t=300`, defaultPolicy))
			if n, _ := available(l); n != want {
				t.Errorf("after %v, %d requests are available, want %d", pause, n, want)
			}
		})
	}
}

// A late response about a window that has ended does not change the reported number.
func TestEndedWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Limit: 1000}
		late := reserve(t, l, Request{})
		receive(t, l, response(`"default";r=1199;t=300`, defaultPolicy))
		late.Update(response(`"default";r=3;t=1`, defaultPolicy))
		late.Done(true)
		if n := l.Status().Policies["default"].Remaining; n != 1199 {
			t.Errorf("%d requests remain, want 1199", n)
		}
	})
}

// A request without a response is not a request of another client.
func TestLostRequests(t *testing.T) {
	const policy = `"default";q=12;w=300`
	synctest.Test(t, func(t *testing.T) {
		l := &Limiter{Limit: 100}
		receive(t, l, response(`"default";r=11;t=30`, policy))
		for range 5 {
			lose(t, l)
		}
		receive(t, l, response(`"default";r=5;t=30`, policy))
		time.Sleep(time.Minute)
		receive(t, l, response(`"default";r=11;t=300`, policy))
		if n, _ := available(l); n != 11 {
			t.Errorf("%d requests are available, want 11", n)
		}
	})
}

// The lowest number of a window counts, and an earlier window does not. The numbers of an
// arrival are seconds.
func TestResponsesOutOfOrder(t *testing.T) {
	type arrival struct {
		requested, received int
		limit               string
	}
	for name, test := range map[string]struct {
		arrivals []arrival
		want     int
		until    int
	}{
		"same window":           {[]arrival{{0, 1, `"a";r=8;t=30`}, {0, 5, `"a";r=9;t=30`}}, 8, 31},
		"earlier window last":   {[]arrival{{0, 2, `"a";r=12;t=300`}, {0, 5, `"a";r=2;t=1`}}, 12, 302},
		"earlier window first":  {[]arrival{{0, 1, `"a";r=2;t=1`}, {0, 5, `"a";r=12;t=300`}}, 12, 305},
		"window ends early":     {[]arrival{{0, 1, `"a";r=2;t=10`}, {0, 5, `"a";r=12;t=300`}}, 12, 305},
		"window has ended":      {[]arrival{{0, 0, `"a";r=9;t=30`}, {0, 40, `"a";r=8;t=30`}}, 8, 70},
		"end becomes certain":   {[]arrival{{0, 5, `"a";r=9;t=30`}, {6, 6, `"a";r=8;t=25`}}, 8, 31},
		"before a certain end":  {[]arrival{{0, 5, `"a";r=9;t=30`}, {6, 6, `"a";r=8;t=29`}, {0, 7, `"a";r=2;t=24`}}, 8, 35},
		"end is never reported": {[]arrival{{0, 5, `"a";r=9`}, {0, 5, `"a";r=8`}}, 8, 65},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, start := new(Limiter), time.Now()
				at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
				for _, arrival := range test.arrivals {
					time.AfterFunc(time.Until(at(arrival.requested)), func() {
						res := reserve(t, l, Request{})
						time.Sleep(time.Until(at(arrival.received)))
						res.Update(response(arrival.limit, ""))
						res.Done(true)
					})
				}
				time.Sleep(time.Until(at(test.arrivals[len(test.arrivals)-1].received)))
				synctest.Wait()
				checkAvailable(t, l, test.want, at(test.until))
			})
		})
	}
}

// The number of policies is bounded, so that the API cannot fill the memory.
func TestPoliciesAreBounded(t *testing.T) {
	l := new(Limiter)
	var items []string
	for i := range 20 {
		items = append(items, fmt.Sprintf(`"p%02d";r=%d;q=%d`, i, i+1, i+1))
	}
	header := fmt.Sprintf(`"%s";r=5;q=5, `, strings.Repeat("x", 65)) + strings.Join(items, ", ")
	receive(t, l, response(header, header))
	receive(t, l, response(`"p00";r=77, "new";r=1`, ""))
	got := l.Status().Policies
	if len(got) != 8 || got["p00"] != (Policy{77, 1}) || got["p07"] != (Policy{8, 8}) {
		t.Errorf("got %+v, want the first eight, with the first of them updated", got)
	}
}

// Other clients with the same credential use half of the API's quota, most of it while the
// limiter sends nothing and cannot see their requests. The API refuses none of its own.
func TestOtherClients(t *testing.T) {
	const start = 150 * time.Second // of the exporter
	burst := func(i int) time.Duration {
		return time.Duration(i%600)*5*time.Millisecond + time.Duration(i/600)*apiWindow
	}
	for name, at := range map[string]func(i int) time.Duration{
		"evenly":               func(i int) time.Duration { return time.Duration(i) * 500 * time.Millisecond },
		"long before":          burst,
		"before":               func(i int) time.Duration { return start - 10*time.Second + burst(i) },
		"at the same time":     func(i int) time.Duration { return start + burst(i) },
		"after the exporter's": func(i int) time.Duration { return start + time.Minute + burst(i) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &load{offset: 100 * time.Millisecond, roundTrip: 50 * time.Millisecond}
				for i := range 1200 {
					time.AfterFunc(at(i), func() { s.receive("other client") })
				}
				time.Sleep(start)
				s.run()
				if n := len(s.received(t)); n < 1200 {
					t.Errorf("%d requests, want the 600 in each window that the others leave", n)
				}
			})
		})
	}
}
