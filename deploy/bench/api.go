package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

// captureFormat has all fields of the example in the API reference.
const captureFormat = `{"byte_limit":500000,"colo_name":%q,"destination_conf":"s3://pcaps-bucket/prod?region=us-east-1",` +
	`"error_message":"","filter_v1":{"destination_address":"1.2.3.4","destination_port":80,"protocol":6,` +
	`"source_address":"1.2.3.4","source_port":123},"id":%q,"packets_captured":%d,"status":%q,` +
	`"stop_requested":"2020-01-01T08:00:00Z","submitted":"2020-01-01T08:00:00.000000Z",` +
	`"system":"magic-transit","time_limit":300,"type":"full"}`

// id returns the n-th id, of an account or a capture.
func id(n int) string { return fmt.Sprintf("%032x", n) }

// newAPI returns an API that has the same list of n captures in each account. simulation makes
// the response once, because the API should use as little CPU time as possible.
func newAPI(ctx context.Context, n int) *httptest.Server {
	captures := make([]string, n)
	for i := range captures {
		colo, status := []string{"ord02", "ams01", "FRA", "nrt05"}[i%4], []string{"complete", "failed", "running", "pending"}[i/4%4]
		captures[i] = fmt.Sprintf(captureFormat, colo, id(i), i, status)
	}
	var simulation simulation.API
	simulation.Account(id(0)).Respond([]byte(`{"errors":[],"messages":[],"result":[` + strings.Join(captures, ",") + `],"success":true}`))
	response := httptest.NewRecorder()
	simulation.ServeHTTP(response, httptest.NewRequestWithContext(ctx, http.MethodGet, "/accounts/"+id(0)+"/pcaps", http.NoBody))
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), response.Header())
		_, _ = w.Write(response.Body.Bytes())
	}))
}
