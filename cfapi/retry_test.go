package cfapi_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

// Failures that may pass are retried twice.
func TestRetry(t *testing.T) {
	for name, fault := range map[string]simulation.Fault{
		"500":   {Status: 500},
		"502":   {Status: 502, Body: html},
		"520":   {Status: 520},
		"503":   {Status: 503, RetryAfter: "120"},
		"reset": {Reset: true},
	} {
		for times := 1; times <= 3; times++ {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					api, client := newPipeServer(t)
					api.Account(accountID).Respond(page("", "a", "b"))
					fault.Times = times
					api.Inject(fault)
					var r recorder
					client.OnRequest = r.record
					l := list(t.Context(), client)
					if ok := times < 3; ok != (l.err == nil) || ok && (len(l.Captures) != 2 || l.Listed != 2) {
						t.Errorf("%d captures, %+v, %v", len(l.Captures), countsOf(l), l.err)
					}
					statuses := append(slices.Repeat([]int{fault.Status}, times), http.StatusOK)
					wantStatuses(t, r.requests, statuses[:min(3, len(statuses))])
				})
			})
		}
	}
}

func wantStatuses(t *testing.T, requests []cfapi.Request, statuses []int) {
	t.Helper()
	if len(requests) != len(statuses) {
		t.Fatalf("%d requests were reported, want %d", len(requests), len(statuses))
	}
	for i, r := range requests {
		ok := statuses[i] == http.StatusOK
		if r.Endpoint != "pcaps" || r.StatusCode != statuses[i] || r.Retry != (i > 0) || (r.Err == nil) != ok {
			t.Errorf("request %d: %+v, want status %d", i, r, statuses[i])
		}
	}
}

// Each page is retried.
func TestRetryOfPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := newPipeServer(t)
		api.Account(accountID).Respond(page(pageInfo(1, 1, 2), "a"), page(pageInfo(2, 1, 2), "b"))
		for _, fault := range []simulation.Fault{{Times: 2, Status: 500}, {Times: 1}, {Times: 2, Status: 500}} {
			api.Inject(fault)
		}
		if l := mustList(t, client); len(l.Captures) != 2 {
			t.Errorf("%d captures, want 2", len(l.Captures))
		}
		wantRequests(t, api, 6)
	})
}

// The last failure is reported. If it must not be retried, it is the last one.
func TestRetryMeetsAnotherFailure(t *testing.T) {
	for name, test := range map[string]struct {
		fault  simulation.Fault
		reason cfapi.Reason
		want   int
	}{
		"403":      {simulation.Fault{Status: 403}, cfapi.ReasonForbidden, 2},
		"hold-off": {simulation.Fault{Status: 500, Headers: http.Header{"Ratelimit": {`"default";r=0;t=30`}}}, cfapi.ReasonRateLimited, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := newPipeServer(t)
				api.Inject(simulation.Fault{Status: 500, Times: 1})
				api.Inject(test.fault)
				wantReason(t, list(t.Context(), client).err, test.reason)
				wantRequests(t, api, test.want)
			})
		})
	}
}

// The back-off is random, so that clients that failed together do not retry together.
func TestBackoff(t *testing.T) {
	const rounds = 100
	var waits [2]map[time.Duration]bool
	synctest.Test(t, func(t *testing.T) {
		api, client := newPipeServer(t)
		api.Inject(simulation.Fault{Status: 500})
		for range rounds {
			before := len(api.Requests())
			wantReason(t, list(t.Context(), client).err, cfapi.ReasonServer)
			r := api.Requests()[before:]
			for i := range waits {
				if waits[i] == nil {
					waits[i] = make(map[time.Duration]bool)
				}
				wait := r[i+1].Time.Sub(r[i].Time)
				waits[i][wait] = true
				if least := 100 * time.Millisecond << i; wait < least || wait >= 2*least {
					t.Errorf("back-off %d took %v", i, wait)
				}
			}
		}
	})
	if len(waits[0]) < rounds/2 || len(waits[1]) < rounds/2 {
		t.Errorf("%d and %d different back-offs in %d rounds", len(waits[0]), len(waits[1]), rounds)
	}
}

// Without enough time for a retry, the failure is reported before the deadline.
func TestRetryBeforeDeadline(t *testing.T) {
	for name, test := range map[string]struct {
		latency, deadline time.Duration
		requests          int
	}{
		"no time for the back-off":        {0, 99 * time.Millisecond, 1},
		"no time for a second request":    {2 * time.Second, 4 * time.Second, 1},
		"no time for a third request":     {2 * time.Second, 6 * time.Second, 2},
		"no time for the second back-off": {0, 300 * time.Millisecond, 2},
		"enough time":                     {2 * time.Second, 7 * time.Second, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := newPipeServer(t)
				api.Inject(simulation.Fault{Status: 500, Latency: test.latency})
				ctx, cancel := context.WithTimeout(t.Context(), test.deadline)
				defer cancel()
				wantReason(t, list(ctx, client).err, cfapi.ReasonServer)
				if err := ctx.Err(); err != nil {
					t.Errorf("the failure was reported after the deadline: %v", err)
				}
				wantRequests(t, api, test.requests)
			})
		})
	}
}

func TestCancelDuringBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := newPipeServer(t)
		api.Inject(simulation.Fault{Status: 500})
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		time.AfterFunc(50*time.Millisecond, cancel)
		wantReason(t, list(ctx, client).err, cfapi.ReasonServer)
		if d := time.Since(start); d != 50*time.Millisecond {
			t.Errorf("the failure was reported after %v", d)
		}
		wantRequests(t, api, 1)
	})
}
