package cfapi_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/ratelimit"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

const html = "<!DOCTYPE html>\n<title>Attention required</title>\n"

// Only the server's failures are retried.
func TestStatusReasons(t *testing.T) {
	for status, want := range map[int]struct {
		reason cfapi.Reason
		code   int
	}{
		204: {cfapi.ReasonRejected, 0},
		206: {cfapi.ReasonRejected, 0},
		301: {cfapi.ReasonRejected, 0},
		302: {cfapi.ReasonRejected, 0},
		304: {cfapi.ReasonRejected, 0},
		400: {cfapi.ReasonRejected, 10400},
		401: {cfapi.ReasonUnauthorized, 10000},
		403: {cfapi.ReasonForbidden, 10000},
		404: {cfapi.ReasonRejected, 7003},
		405: {cfapi.ReasonRejected, 10405},
		408: {cfapi.ReasonRejected, 10408},
		429: {cfapi.ReasonRateLimited, 971},
		500: {cfapi.ReasonServer, 10500},
		502: {cfapi.ReasonServer, 10502},
		503: {cfapi.ReasonServer, 10503},
		520: {cfapi.ReasonServer, 10520},
		999: {cfapi.ReasonServer, 10999},
	} {
		checkStatus(t, simulation.Fault{Status: status}, want.reason, want.code)
		if status != 204 && status != 304 { // they have no body
			checkStatus(t, simulation.Fault{Status: status, Body: html}, want.reason, 0)
		}
	}
}

// Error codes take precedence over the status.
func TestCodeReasons(t *testing.T) {
	for code, want := range map[int]cfapi.Reason{
		971: cfapi.ReasonRateLimited, 6003: cfapi.ReasonUnauthorized, 6102: cfapi.ReasonUnauthorized, 6103: cfapi.ReasonUnauthorized,
		6111: cfapi.ReasonUnauthorized, 9103: cfapi.ReasonUnauthorized, 9106: cfapi.ReasonUnauthorized, 9109: cfapi.ReasonUnauthorized,
		10000: cfapi.ReasonUnauthorized, 10040: cfapi.ReasonRateLimited, 10100: cfapi.ReasonRateLimited,
		10429: cfapi.ReasonRateLimited, 10502: cfapi.ReasonRateLimited, 7003: cfapi.ReasonRejected,
	} {
		for _, status := range []int{200, 400, 403, 302, 500} {
			want := want
			switch {
			case code == 9109:
			case status == 302:
				want = cfapi.ReasonRejected
			case status == 500:
				want = cfapi.ReasonServer
			case status == 403 && (code == 10000 || code == 7003):
				want = cfapi.ReasonForbidden
			}
			synctest.Test(t, func(t *testing.T) {
				api, client := newPipeServer(t)
				client.Limiter = new(ratelimit.Limiter)
				api.Inject(simulation.Fault{Status: status, Body: fmt.Sprintf(`{"success":false,"errors":[{"code":%d}]}`, code)})
				wantReason(t, list(t.Context(), client).err, want)
				if held := !client.RateLimit().HoldOffUntil.IsZero(); held != (want == cfapi.ReasonRateLimited) {
					t.Errorf("code %d with status %d: held off: %v", code, status, held)
				}
			})
		}
	}
}

func checkStatus(t *testing.T, fault simulation.Fault, reason cfapi.Reason, code int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		api, client := newPipeServer(t)
		api.Inject(fault)
		l := list(t.Context(), client)
		wantReason(t, l.err, reason)
		if len(l.Captures) != 0 {
			t.Errorf("%d captures with status %d", len(l.Captures), fault.Status)
		}
		if reason == cfapi.ReasonServer {
			wantRequests(t, api, 3)
		} else {
			wantRequests(t, api, 1)
		}
		ray := fmt.Sprintf(", cf-ray \"%016x-SIM\"", len(api.Requests())) // of the last retry
		got, ok := errors.AsType[*cfapi.Error](l.err)
		if !ok || got.StatusCode != fault.Status || got.Code != code || !strings.HasSuffix(l.err.Error(), ray) {
			t.Errorf("status %d: %v, want code %d%s", fault.Status, l.err, code, ray)
		}
	})
}

// The status counts even if the body is incomplete or endless.
func TestErrorBodies(t *testing.T) {
	endless := `{"errors":[{"code":7}],"new":"` + strings.Repeat("x", 10<<20)
	for body, code := range map[string]int{
		"": 0, "null": 0, "[": 0, `"`: 0, "\x00": 0, `{"errors":[{"code":`: 0,
		`{"errors":[{"code":7},`: 7, `{"errors":[{"code":7}],"success":null}`: 7, endless: 7,
		`{"success":true,"result":[{"id":"a"}],"errors":[{"code":7}]}`:                     7,
		`{"errors":[{"code":9,"message":"token ` + token + ` is wrong"}],"success":false}`: 9,
	} {
		reader := strings.NewReader(body)
		l := list(t.Context(), readerClient(http.StatusNotFound, reader))
		wantReason(t, l.err, cfapi.ReasonRejected)
		if e, ok := errors.AsType[*cfapi.Error](l.err); !ok || e.Code != code || len(l.Captures) > 0 {
			t.Errorf("%.50q: %#v, want code %d", body, e, code)
		}
		if read := len(body) - reader.Len(); read > 1<<20 {
			t.Errorf("%d bytes read of an error", read)
		}
	}
}

func TestNetworkReasons(t *testing.T) {
	const timeout = 3 * time.Second
	for name, test := range map[string]struct {
		fault    simulation.Fault
		reason   cfapi.Reason
		requests int
		duration time.Duration // 0 is not checked
	}{
		"refused":      {simulation.Fault{Refuse: true}, cfapi.ReasonRejected, 1, 0},
		"not JSON":     {simulation.Fault{Body: html}, cfapi.ReasonDecode, 1, 0},
		"reset":        {simulation.Fault{Reset: true}, cfapi.ReasonNetwork, 3, 0},
		"hang":         {simulation.Fault{Hang: true}, cfapi.ReasonTimeout, 1, timeout},
		"slow":         {simulation.Fault{Latency: 4 * time.Second}, cfapi.ReasonTimeout, 1, timeout},
		"drip":         {simulation.Fault{Drip: time.Second}, cfapi.ReasonTimeout, 1, timeout},
		"cut off":      {simulation.Fault{CutOff: 40}, cfapi.ReasonDecode, 1, 0},
		"slow cut off": {simulation.Fault{CutOff: 40, Latency: time.Second}, cfapi.ReasonDecode, 1, time.Second},
		// The status is known, although the body is not.
		"slow error": {simulation.Fault{Status: 403, Drip: time.Second}, cfapi.ReasonForbidden, 1, timeout},
		"slow 500":   {simulation.Fault{Status: 500, Drip: time.Second}, cfapi.ReasonServer, 1, timeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := newPipeServer(t)
				api.Account(accountID).Respond([]byte(small))
				api.Inject(test.fault)
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				start := time.Now()
				wantReason(t, list(ctx, client).err, test.reason)
				if d := time.Since(start); test.duration != 0 && d != test.duration {
					t.Errorf("the failure was reported after %v, want %v", d, test.duration)
				}
				wantRequests(t, api, test.requests)
			})
		})
	}
}

// After a 101 the connection belongs to the client, and the server sends nothing more.
func TestSwitchingProtocols(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := newPipeHandlerServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"))
			_ = conn.SetReadDeadline(time.Now().Add(time.Hour))
			_, _ = conn.Read(make([]byte, 1)) // until the client closes the connection
			_ = conn.Close()
		}))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		wantReason(t, list(ctx, client).err, cfapi.ReasonRejected)
		if ctx.Err() != nil {
			t.Error("the request took as long as the connection")
		}
	})
}

func TestTransportReasons(t *testing.T) {
	for _, test := range []struct {
		err  error
		want cfapi.Reason
	}{
		{os.ErrDeadlineExceeded, cfapi.ReasonTimeout},
		{&net.DNSError{Err: "no such host", IsNotFound: true}, cfapi.ReasonNetwork},
		{&net.DNSError{Err: "i/o timeout", IsTimeout: true}, cfapi.ReasonTimeout},
		{context.Canceled, cfapi.ReasonTimeout},
		{errors.New(strings.Repeat("x", 1000)), cfapi.ReasonNetwork},
		{fmt.Errorf("%w: no such file", cfapi.ErrCredentials), cfapi.ReasonCredentials},
		{fmt.Errorf("%w: %w", cfapi.ErrCredentials, os.ErrDeadlineExceeded), cfapi.ReasonTimeout},
		{fmt.Errorf("%w: %w", cfapi.ErrCredentials, context.DeadlineExceeded), cfapi.ReasonTimeout},
		{fmt.Errorf("%w: %w", cfapi.ErrCredentials, &fs.PathError{Op: "open", Path: "token", Err: syscall.EMFILE}), cfapi.ReasonNetwork},
		{fmt.Errorf("%w: %w", cfapi.ErrCredentials, &fs.PathError{Op: "open", Path: "token", Err: syscall.ENFILE}), cfapi.ReasonNetwork},
	} {
		synctest.Test(t, func(t *testing.T) {
			var r recorder
			client := &cfapi.Client{OnRequest: r.record, Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, test.err })}
			err := list(t.Context(), client).err
			wantReason(t, err, test.want)
			if !errors.Is(err, test.err) {
				t.Errorf("%v does not wrap %v", err, test.err)
			}
			if sent := len(r.requests) > 0; sent == errors.Is(test.err, cfapi.ErrCredentials) {
				t.Errorf("%v: %d requests were reported", err, len(r.requests))
			}
		})
	}
}

func TestFailuresOfAuxiliaryCalls(t *testing.T) {
	for endpoint, call := range auxiliaryCalls {
		for name, test := range map[string]struct {
			fault  simulation.Fault
			reason cfapi.Reason
		}{
			"500":      {simulation.Fault{Status: 500}, cfapi.ReasonServer},
			"redirect": {simulation.Fault{Redirect: "http://127.0.0.1:1/"}, cfapi.ReasonRejected},
			"scalar":   {simulation.Fault{Body: `{"success":true,"result":5}`}, cfapi.ReasonDecode},
			"absent":   {simulation.Fault{Body: `{"success":true}`}, cfapi.ReasonDecode},
			"cut off":  {simulation.Fault{CutOff: 10}, cfapi.ReasonDecode},
		} {
			t.Run(endpoint+" "+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					api, client := newPipeServer(t)
					api.Verify.Account = accountID
					var r recorder
					client.OnRequest = r.record
					api.Inject(test.fault)
					wantReason(t, call(t.Context(), client), test.reason)
					for _, r := range r.requests {
						if r.Endpoint != endpoint || cfapi.ReasonOf(r.Err) != test.reason {
							t.Errorf("reported %+v", r)
						}
					}
					api.Heal()
					if err := call(t.Context(), client); err != nil {
						t.Errorf("without the fault: %v", err)
					}
				})
			})
		}
	}
}
