package cfapi_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// passing are failures that may pass, and so are worth another try.
func passing() map[string]cfapitest.Fault {
	return map[string]cfapitest.Fault{
		"500":   {Status: 500},
		"502":   {Status: 502, Body: html},
		"520":   {Status: 520},
		"503":   {Status: 503, RetryAfter: "120"},
		"reset": {Reset: true},
	}
}

func TestRetryGivesUp(t *testing.T) {
	for name, fault := range passing() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				api.Inject(fault)
				var j journal
				client.Done = j.done
				if err := list(t.Context(), client).err; err == nil {
					t.Error("no error")
				}
				wantRequests(t, api, 3)
				wantJournal(t, &j, fault.Status, fault.Status, fault.Status)
			})
		})
	}
}

func TestRetryHeals(t *testing.T) {
	for name, fault := range passing() {
		for times := 1; times <= 2; times++ {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					api, client := servePiped(t)
					api.Account(accountID).Answer([]byte(wrap(`{"id":"a"},{"id":"b"}`)))
					fault.Times = times
					api.Inject(fault)
					var j journal
					client.Done = j.done
					if l := listOnly(t, client); len(l.captures) != 2 || l.info.Listed != 2 {
						t.Errorf("%d captures of %d, want 2", len(l.captures), l.info.Listed)
					}
					statuses := []int{fault.Status, fault.Status}[:times]
					wantJournal(t, &j, append(statuses, http.StatusOK)...)
				})
			})
		}
	}
}

func wantJournal(t *testing.T, j *journal, statuses ...int) {
	t.Helper()
	if len(j.requests) != len(statuses) {
		t.Fatalf("%d requests counted, want %d", len(j.requests), len(statuses))
	}
	for i, r := range j.requests {
		ok := statuses[i] == http.StatusOK
		if r.Endpoint != "pcaps" || r.StatusCode != statuses[i] || r.Retry != (i > 0) || (r.Err == nil) != ok {
			t.Errorf("request %d: %+v, want status %d", i, r, statuses[i])
		}
	}
}

// The API that fails twice in a listing of two pages has each page tried again.
func TestRetryOfEachPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		api.Account(accountID).Answer(page(info(1, 1, 2), "a"), page(info(2, 1, 2), "b"))
		ok := cfapitest.Fault{Times: 1}
		bad := cfapitest.Fault{Times: 2, Status: 500}
		for _, fault := range []cfapitest.Fault{bad, ok, bad} {
			api.Inject(fault)
		}
		if l := listOnly(t, client); len(l.captures) != 2 {
			t.Errorf("%d captures, want 2", len(l.captures))
		}
		wantRequests(t, api, 6)
	})
}

func TestNoRetry(t *testing.T) {
	for name, fault := range map[string]cfapitest.Fault{
		"400":             {Status: 400},
		"401":             {Status: 401},
		"403":             {Status: 403},
		"404":             {Status: 404},
		"408":             {Status: 408},
		"429":             {Status: 429},
		"redirect":        {Redirect: "/elsewhere"},
		"refused":         {Refuse: true},
		"not JSON":        {Body: html},
		"cut off":         {CutOff: 70},
		"cut off at once": {CutOff: 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				api.Account(accountID).Answer([]byte(wrap(`{"id":"a"},{"id":"b"}`)))
				fault.Times = 1 // a second request would go well
				api.Inject(fault)
				start := time.Now()
				if err := list(t.Context(), client).err; err == nil {
					t.Error("no error")
				}
				if took := time.Since(start); took != 0 {
					t.Errorf("the failure was reported after %v", took)
				}
				wantRequests(t, api, 1)
			})
		})
	}
}

// Another failure than the first ends the retries, and is the one reported.
func TestRetryMeetsAnotherFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		api.Inject(cfapitest.Fault{Status: 500, Times: 1})
		api.Inject(cfapitest.Fault{Status: 403})
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonForbidden)
		wantRequests(t, api, 2)
	})
}

func TestCancelledBeforeAnything(t *testing.T) {
	api, client := serve(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantReason(t, list(ctx, client).err, cfapi.ReasonTimeout)
	wantRequests(t, api, 0)
}
