package cfapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// tick is the least by which two requests must be more than 5 minutes apart.
const tick = time.Nanosecond

// taking is a client whose every request is answered after so long.
func taking(d time.Duration, limit int) *cfapi.Client {
	return &cfapi.Client{RateLimit: limit, Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
		time.Sleep(d)
		return response(r, http.StatusOK, nil, strings.NewReader(wrap(""))), nil
	})}
}

// heldUntil is when the next request can go, zero if this one has gone.
func heldUntil(t *testing.T, err error) time.Time {
	t.Helper()
	held, ok := errors.AsType[*cfapi.HoldOffError](err)
	if !ok {
		if err != nil {
			t.Error(err)
		}
		return time.Time{}
	}
	wantReason(t, err, cfapi.ReasonRateLimited)
	return held.Until
}

// wantRoom expects n requests to go, and none after them before until.
func wantRoom(t *testing.T, client *cfapi.Client, n int, until time.Time) {
	t.Helper()
	withheld := client.Limits().Withheld
	for i := range n {
		if got := heldUntil(t, list(t.Context(), client).err); !got.IsZero() {
			t.Fatalf("request %d of %d is held off until %v", i+1, n, got)
		}
	}
	err := list(t.Context(), client).err
	if got := heldUntil(t, err); !got.Equal(until) {
		t.Errorf("after %d requests: %v, want a hold-off until %v", n, err, until)
	}
	limits := client.Limits()
	if !limits.HoldOffUntil.Equal(until) || limits.Withheld != withheld+1 {
		t.Errorf("%+v, want a hold-off until %v and one more withheld", limits, until)
	}
}

// The limit holds for each 5 minutes, however they lie.
func TestRateLimitSeam(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := taking(0, 50)
		start := time.Now()
		at := func(d time.Duration) time.Time { return start.Add(d) }
		sleep := func(until time.Time) { time.Sleep(time.Until(until)) }
		listOnly(t, client)
		sleep(at(299 * time.Second))
		wantRoom(t, client, 49, at(quotaWindow+tick))
		sleep(at(quotaWindow))
		wantRoom(t, client, 0, at(quotaWindow+tick))
		sleep(at(quotaWindow + tick))
		wantRoom(t, client, 1, at(quotaWindow+299*time.Second+tick))
		sleep(at(quotaWindow + 299*time.Second))
		wantRoom(t, client, 0, at(quotaWindow+299*time.Second+tick))
		sleep(at(quotaWindow + 299*time.Second + tick))
		wantRoom(t, client, 49, at(2*quotaWindow+2*tick))
		time.Sleep(time.Hour)
		wantRoom(t, client, 50, time.Now().Add(quotaWindow+tick))
	})
}

// A request counts from its start until 5 minutes after its end: in between the
// API has received it.
func TestRateLimitInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := taking(10*time.Second, 1)
		go func() { _ = list(t.Context(), client).err }()
		synctest.Wait()
		wantRoom(t, client, 0, time.Now().Add(quotaWindow+tick))
		time.Sleep(10 * time.Second)
		synctest.Wait()
		until := time.Now().Add(quotaWindow + tick)
		wantRoom(t, client, 0, until)
		time.Sleep(time.Until(until) - tick)
		wantRoom(t, client, 0, until)
		time.Sleep(tick)
		listOnly(t, client)
	})
}

// Nothing goes beyond the limit when many ask at once.
func TestRateLimitParallel(t *testing.T) {
	api, client := serve(t)
	client.RateLimit = 100
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			for range 10 {
				heldUntil(t, list(context.Background(), client).err)
				client.Limits()
			}
		})
	}
	wg.Wait()
	wantRequests(t, api, 100)
	if got := client.Limits().Withheld; got != 400 {
		t.Errorf("%d withheld, want 400", got)
	}
}
