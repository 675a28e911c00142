package collector

import (
	"errors"
	"strings"
	"testing"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

func TestRequests(t *testing.T) {
	r := NewRequests("pcaps", "verify")
	checkContains(t, expose(t, r),
		`api_requests_total{code="none",endpoint="verify"} 0`,
		`api_requests_total{code="429",endpoint="verify"} 0`,
		`api_request_failures_total{endpoint="verify",reason="server"} 0`,
		`api_request_duration_seconds_count{endpoint="verify"} 0`,
		`api_retries_total 0`,
	)
	for _, req := range []cfapi.Request{
		{StatusCode: 503, Err: &cfapi.Error{StatusCode: 503}, Duration: time.Second},
		{Err: errors.New("connection reset"), Duration: 2 * time.Second, Retry: true},
		{StatusCode: 200, Duration: 3 * time.Second, Retry: true},
		{StatusCode: -7},
		{StatusCode: 99},
		{StatusCode: 600},
		{StatusCode: 123456789012345},
	} {
		req.Endpoint = cfapi.EndpointCaptures
		r.Observe(req)
	}
	if text := expose(t, r); strings.Contains(text, `reason="credentials"`) {
		t.Errorf("a reason without a request in\n%s", text)
	}
	checkContains(t, expose(t, r),
		`api_requests_total{code="503",endpoint="pcaps"} 1`,
		`api_requests_total{code="none",endpoint="pcaps"} 1`,
		`api_requests_total{code="200",endpoint="pcaps"} 1`,
		`api_requests_total{code="other",endpoint="pcaps"} 4`,
		`api_requests_total{code="200",endpoint="verify"} 0`,
		`api_request_failures_total{endpoint="pcaps",reason="server"} 1`,
		`api_request_failures_total{endpoint="pcaps",reason="network"} 1`,
		`api_request_failures_total{endpoint="pcaps",reason="timeout"} 0`,
		`api_request_duration_seconds_count{endpoint="pcaps"} 7`,
		`api_request_duration_seconds_sum{endpoint="pcaps"} 6`,
		`api_retries_total 2`,
	)
}
