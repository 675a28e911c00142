package cfapi_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// What the client sees of a network that fails, in a bubble for its waits.
func TestNetworkReasons(t *testing.T) {
	for name, test := range map[string]struct {
		fault    cfapitest.Fault
		reason   cfapi.Reason
		requests int
		took     time.Duration // 0 is not checked
	}{
		"reset":        {cfapitest.Fault{Reset: true}, cfapi.ReasonNetwork, 3, 0},
		"hang":         {cfapitest.Fault{Hang: true}, cfapi.ReasonTimeout, 1, 3 * time.Second},
		"slow":         {cfapitest.Fault{Latency: 4 * time.Second}, cfapi.ReasonTimeout, 1, 3 * time.Second},
		"drip":         {cfapitest.Fault{Drip: time.Second}, cfapi.ReasonTimeout, 1, 3 * time.Second},
		"cut off":      {cfapitest.Fault{CutOff: 40}, cfapi.ReasonDecode, 1, 0},
		"slow cut off": {cfapitest.Fault{CutOff: 40, Latency: time.Second}, cfapi.ReasonDecode, 1, time.Second},
		// A status has come, and is what there is to know.
		"slow error": {cfapitest.Fault{Status: 403, Drip: time.Second}, cfapi.ReasonForbidden, 1, 3 * time.Second},
		"slow 500":   {cfapitest.Fault{Status: 500, Drip: time.Second}, cfapi.ReasonServer, 1, 3 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				api.Account(accountID).Answer([]byte(small))
				api.Inject(test.fault)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				start := time.Now()
				wantReason(t, list(ctx, client).err, test.reason)
				if took := time.Since(start); test.took != 0 && took != test.took {
					t.Errorf("it took %v, want %v", took, test.took)
				}
				wantRequests(t, api, test.requests)
			})
		})
	}
}

func TestConnectionRefused(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	client := &cfapi.Client{
		BaseURL: server.URL, Transport: new(http.Transport),
		Done: func(cfapi.Request) { cancel() }, // no retries: they would take real time
	}
	err := list(ctx, client).err
	wantReason(t, err, cfapi.ReasonNetwork)
	if _, ok := errors.AsType[*net.OpError](err); !ok {
		t.Errorf("%v does not say what failed", err)
	}
}

// Errors that only some transports return.
func TestTransportReasons(t *testing.T) {
	for _, test := range []struct {
		err  error
		want cfapi.Reason
	}{
		{os.ErrDeadlineExceeded, cfapi.ReasonTimeout},
		{&net.DNSError{Err: "no such host", IsNotFound: true}, cfapi.ReasonNetwork},
		{&net.DNSError{Err: "i/o timeout", IsTimeout: true}, cfapi.ReasonTimeout},
		{context.Canceled, cfapi.ReasonTimeout},
		{errors.New("something else"), cfapi.ReasonNetwork},
		{fmt.Errorf("%w: no such file", cfapi.ErrCredentials), cfapi.ReasonCredentials},
		{fmt.Errorf("%w: %w", cfapi.ErrCredentials, os.ErrDeadlineExceeded), cfapi.ReasonCredentials},
	} {
		synctest.Test(t, func(t *testing.T) {
			client := &cfapi.Client{Transport: roundTripper(func(*http.Request) (*http.Response, error) { return nil, test.err })}
			err := list(t.Context(), client).err
			wantReason(t, err, test.want)
			if !errors.Is(err, test.err) {
				t.Errorf("%v does not wrap %v", err, test.err)
			}
		})
	}
}

// Nothing was sent, so that there is no request to count.
func TestCredentialsUnreadable(t *testing.T) {
	var j journal
	sent := 0
	client := &cfapi.Client{Done: j.done, Transport: roundTripper(func(*http.Request) (*http.Response, error) {
		sent++
		return nil, fmt.Errorf("%w: no such file", cfapi.ErrCredentials)
	})}
	wantReason(t, list(t.Context(), client).err, cfapi.ReasonCredentials)
	if sent != 1 || len(j.requests) != 0 {
		t.Errorf("%d tries, %d requests counted; want 1 and none", sent, len(j.requests))
	}
}

func TestBadBaseURL(t *testing.T) {
	for _, base := range []string{"http://user:SECRET@host:port", "http://user:SECRET@%zz", "://SECRET", "SECRET"} {
		synctest.Test(t, func(t *testing.T) {
			client := &cfapi.Client{BaseURL: base, Transport: new(http.Transport)}
			err := list(t.Context(), client).err
			wantReason(t, err, cfapi.ReasonNetwork)
			if err != nil && strings.Contains(err.Error(), "SECRET") {
				t.Errorf("the error repeats the URL: %v", err)
			}
		})
	}
}

func TestReasonsAreDistinct(t *testing.T) {
	seen := make(map[cfapi.Reason]bool)
	for _, reason := range cfapi.Reasons() {
		seen[reason] = true
	}
	if len(seen) != 9 || seen[""] {
		t.Errorf("reasons %q", cfapi.Reasons())
	}
}
