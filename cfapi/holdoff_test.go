package cfapi_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

func limited(header string) cfapitest.Fault {
	return cfapitest.Fault{Times: 1, Headers: http.Header{"Ratelimit": {header}}}
}

func tooMany(retryAfter string) cfapitest.Fault {
	return cfapitest.Fault{Times: 1, Status: 429, RetryAfter: retryAfter}
}

// date is a Retry-After so long after the start of a bubble.
func date(d time.Duration) string {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(d).Format(http.TimeFormat)
}

type holdOffTest struct {
	fault cfapitest.Fault
	want  time.Duration // 0 is none
}

func holdOffTests() map[string]holdOffTest {
	both := tooMany("20")
	both.Headers = http.Header{"Ratelimit": {`"default";r=0;t=90`}}
	longer := tooMany("90")
	longer.Headers = http.Header{"Ratelimit": {`"default";r=0;t=20`}}
	return map[string]holdOffTest{
		"seconds":          {tooMany("30"), 30 * time.Second},
		"none":             {tooMany(""), time.Minute},
		"zero":             {tooMany("0"), time.Second},
		"negative":         {tooMany("-5"), time.Second},
		"garbage":          {tooMany("soon"), time.Minute},
		"fraction":         {tooMany("1.5"), time.Minute},
		"the most":         {tooMany("600"), 10 * time.Minute},
		"too much":         {tooMany("601"), 10 * time.Minute},
		"much too much":    {tooMany("9223372036854775807"), 10 * time.Minute},
		"out of range":     {tooMany(strings.Repeat("9", 30)), 10 * time.Minute},
		"long ago":         {tooMany("-" + strings.Repeat("9", 30)), time.Second},
		"date":             {tooMany(date(90 * time.Second)), 90 * time.Second},
		"date in the past": {tooMany(date(-time.Hour)), time.Second},
		"date of today":    {tooMany(date(0)), time.Second},
		"distant date":     {tooMany(date(24 * time.Hour)), 10 * time.Minute},
		"r=0":              {limited(`"default";r=0;t=30`), 30 * time.Second},
		"r<0":              {limited(`"default";r=-1;t=30`), 30 * time.Second},
		"r=0 without t":    {limited(`"default";r=0`), time.Minute},
		"t=0":              {limited(`"default";r=0;t=0`), time.Second},
		"t<0":              {limited(`"default";r=0;t=-30`), time.Second},
		"t of an hour":     {limited(`"default";r=0;t=3600`), 10 * time.Minute},
		"t is no number":   {limited(`"default";r=0;t="30"`), time.Minute},
		"second of two":    {limited(`"a";r=5;t=60, "b";r=0;t=30`), 30 * time.Second},
		"both of two":      {limited(`"a";r=0;t=40, "b";r=0;t=30`), 40 * time.Second},
		"r=1":              {limited(`"default";r=1;t=30`), 0},
		"no r":             {limited(`"default";t=30`), 0},
		"malformed":        {limited(`"default;r=0;t=30`), 0},
		"longer r=0":       {both, 90 * time.Second},
		"longer 429":       {longer, 90 * time.Second},
		"503":              {cfapitest.Fault{Times: 1, Status: 503, RetryAfter: "30"}, 0},
		"404 with r=0":     {cfapitest.Fault{Times: 1, Status: 404, Headers: http.Header{"Ratelimit": {`"d";r=0;t=9`}}}, 9 * time.Second},
	}
}

func TestHoldOff(t *testing.T) {
	for name, test := range holdOffTests() {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { testHoldOff(t, test) })
		})
	}
}

func testHoldOff(t *testing.T, test holdOffTest) {
	api, client := servePiped(t)
	api.Inject(test.fault)
	start := time.Now()
	err := list(t.Context(), client).err
	if test.fault.Status == http.StatusTooManyRequests {
		wantReason(t, err, cfapi.ReasonRateLimited)
	}
	if test.want == 0 {
		if until := client.Limits().HoldOffUntil; !until.IsZero() {
			t.Errorf("held off until %v", until)
		}
		return
	}
	if got := client.Limits().HoldOffUntil.Sub(start); got != test.want {
		t.Errorf("held off for %v, want %v", got, test.want)
	}
	wantHeld(t, api, client, start.Add(test.want))
}

// wantHeld expects that nothing is sent until then, and all goes well after.
func wantHeld(t *testing.T, api *cfapitest.API, client *cfapi.Client, until time.Time) {
	t.Helper()
	sent := len(api.Requests())
	withheld := client.Limits().Withheld
	var j journal
	client.Done = j.done
	for _, at := range []time.Time{time.Now(), until.Add(-time.Nanosecond)} {
		time.Sleep(time.Until(at))
		err := list(t.Context(), client).err
		wantReason(t, err, cfapi.ReasonRateLimited)
		if held, ok := errors.AsType[*cfapi.HoldOffError](err); !ok || !held.Until.Equal(until) {
			t.Errorf("%v, want a hold-off until %v", err, until)
		}
	}
	wantRequests(t, api, sent)
	if got := client.Limits().Withheld - withheld; got != 2 || len(j.requests) != 0 {
		t.Errorf("%d requests withheld and %d counted as sent, want 2 and none", got, len(j.requests))
	}
	time.Sleep(time.Nanosecond)
	listOnly(t, client)
	wantRequests(t, api, sent+1)
}

// Of two answers the later may be to the older request.
func TestHoldOffIsNeverShortened(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		api, client := servePiped(t)
		start := time.Now()
		slow := tooMany("30")
		slow.Latency = 10 * time.Second
		api.Inject(slow)
		api.Inject(tooMany("300"))
		errs := make(chan error, 2)
		for range 2 {
			go func() { errs <- list(t.Context(), client).err }()
			synctest.Wait()
		}
		for range 2 {
			wantReason(t, <-errs, cfapi.ReasonRateLimited)
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Fatalf("both were answered after %v", took)
		}
		wantHeld(t, api, client, start.Add(300*time.Second))
	})
}

// A hold-off that an answer asks for meets the retry and the next page, too.
func TestHoldOffWithinAListing(t *testing.T) {
	for name, fault := range map[string]cfapitest.Fault{
		"before a retry": {Status: 500, Headers: http.Header{"Ratelimit": {`"default";r=0;t=30`}}},
		"before page 2":  limited(`"default";r=0;t=30`),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				api.Account(accountID).Answer(page(info(1, 1, 2), "a"), page(info(2, 1, 2), "b"))
				api.Inject(fault)
				wantReason(t, list(t.Context(), client).err, cfapi.ReasonRateLimited)
				wantRequests(t, api, 1)
			})
		})
	}
}
