package ratelimit

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const defaultPolicy = `"default";q=1200;w=300`

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
		"low limit":               {7, []*http.Response{response(`"a";r=1300;t=30`, defaultPolicy)}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			l := &Limiter{Limit: test.limit}
			for _, resp := range test.responses {
				receive(t, l, resp)
			}
			if n, _ := available(l); n != test.want {
				t.Errorf("%d requests are available, want %d", n, test.want)
			}
		})
	}
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
		"end is never reported": {[]arrival{{0, 5, `"a";r=9`}, {0, 5, `"a";r=8`}}, 8, 65},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, start := new(Limiter), time.Now()
				at := func(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
				for _, arrival := range test.arrivals {
					time.AfterFunc(time.Until(at(arrival.requested)), func() {
						done := reserve(t, l, Request{})
						time.Sleep(time.Until(at(arrival.received)))
						done(Outcome{Sent: true, Header: response(arrival.limit, "").Header})
					})
				}
				time.Sleep(time.Until(at(test.arrivals[len(test.arrivals)-1].received)))
				synctest.Wait()
				checkAvailable(t, l, test.want, at(test.until))
			})
		})
	}
}

func FuzzUpdate(f *testing.F) {
	f.Add(`"default";r=50;t=30`, `"default";q=1200;w=300`, "", false)
	f.Add(`"default";r=0;t=30`, "", "30", true)
	f.Add("\"a\";r=0;t=-1\n\"b\";r=0;t=999999999999999", `"a";q=-1`, "Sat, 01 Jan 2050 00:00:00 GMT", true)
	f.Add(`("a" "b";r=1);r=0, c;r=0, 7;r=0, "d";r="0";t=?1`, `"x";q=1.5, :YQ==:;q=1, @5;q=1`, "99999999999999999999", true)
	f.Add(`"1";r=1,"2";r=1,"3";r=1,"4";r=1,"5";r=1,"6";r=1,"7";r=1,"8";r=1,"9";r=0`, `"10";q=1`, "-1", false)
	f.Add(`"a`, `;;`, "soon", true)
	f.Fuzz(func(t *testing.T, limit, policy, retryAfter string, tooMany bool) {
		resp := &http.Response{StatusCode: http.StatusOK, Header: http.Header{
			"Ratelimit": strings.Split(limit, "\n"), "Ratelimit-Policy": strings.Split(policy, "\n"), "Retry-After": {retryAfter},
		}}
		if tooMany {
			resp.StatusCode = http.StatusTooManyRequests
		}
		l, start := new(Limiter), time.Now()
		receive(t, l, resp)
		status := l.Status("")
		until := status.HoldOffUntil
		if until.After(time.Now().Add(10 * time.Minute)) {
			t.Errorf("held off for %v", time.Until(until))
		}
		if (tooMany || !until.IsZero()) && until.Before(start.Add(time.Second)) {
			t.Errorf("held off for %v only", until.Sub(start))
		}
		if len(status.Policies) > 8 {
			t.Errorf("%+v", status)
		}
	})
}
