package cfapi_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// Many clients that failed together must not come back together.
func TestBackoffIsJittered(t *testing.T) {
	const rounds = 100
	first, second := make(map[time.Duration]bool), make(map[time.Duration]bool)
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		api.Inject(cfapitest.Fault{Status: 500})
		for range rounds {
			before := len(api.Requests())
			wantReason(t, list(t.Context(), client).err, cfapi.ReasonServer)
			r := api.Requests()[before:]
			first[r[1].Time.Sub(r[0].Time)] = true
			second[r[2].Time.Sub(r[1].Time)] = true
		}
	})
	wantBetween(t, first, 100*time.Millisecond, 200*time.Millisecond)
	wantBetween(t, second, 200*time.Millisecond, 400*time.Millisecond)
	if len(first) < rounds/2 || len(second) < rounds/2 {
		t.Errorf("%d and %d different waits in %d rounds", len(first), len(second), rounds)
	}
}

func wantBetween(t *testing.T, waits map[time.Duration]bool, least, most time.Duration) {
	t.Helper()
	for wait := range waits {
		if wait < least || wait >= most {
			t.Errorf("waited %v, want from %v to %v", wait, least, most)
		}
	}
}

// The last failure says more than "timeout", and is known before the deadline.
func TestNoRetryWithoutRoom(t *testing.T) {
	for name, test := range map[string]struct {
		latency, deadline time.Duration
		requests          int
	}{
		"for the back-off":        {0, 99 * time.Millisecond, 1},
		"for another answer":      {2 * time.Second, 4 * time.Second, 1},
		"for a third answer":      {2 * time.Second, 6 * time.Second, 2},
		"for the second back-off": {0, 300 * time.Millisecond, 2},
		"enough":                  {2 * time.Second, 7 * time.Second, 3},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				api.Inject(cfapitest.Fault{Status: 500, Latency: test.latency})
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

func TestCancelledWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		api.Inject(cfapitest.Fault{Status: 500})
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		time.AfterFunc(50*time.Millisecond, cancel)
		wantReason(t, list(ctx, client).err, cfapi.ReasonServer)
		if took := time.Since(start); took != 50*time.Millisecond {
			t.Errorf("it took %v to be cancelled", took)
		}
		wantRequests(t, api, 1)
	})
}

// A request's duration is what a histogram shows: without any waiting between
// requests, but with the whole of the answer.
func TestDurations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		api.Account(accountID).Answer([]byte(small)) // 7 pieces
		api.Inject(cfapitest.Fault{Status: 500, Latency: time.Second, Times: 1})
		api.Inject(cfapitest.Fault{Drip: time.Second})
		var j journal
		client.Done = j.done
		listOnly(t, client)
		if len(j.requests) != 2 || j.requests[0].Duration != time.Second {
			t.Fatalf("%+v", j.requests)
		}
		pieces := time.Duration(len(small)+31) / 32
		if got := j.requests[1].Duration; got != pieces*time.Second {
			t.Errorf("an answer in %d pieces took %v", pieces, got)
		}
	})
}
