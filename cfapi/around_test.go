package cfapi_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// around are the calls beside the list of captures, by their endpoints.
func around() map[string]func(context.Context, *cfapi.Client) error {
	return map[string]func(context.Context, *cfapi.Client) error{
		cfapi.EndpointOwnership: func(ctx context.Context, c *cfapi.Client) error {
			_, err := c.Buckets(ctx, accountID)
			return err
		},
		cfapi.EndpointVerify: func(ctx context.Context, c *cfapi.Client) error {
			_, err := c.Token(ctx, accountID)
			return err
		},
		cfapi.EndpointAccounts: func(ctx context.Context, c *cfapi.Client) error {
			_, err := c.Accounts(ctx)
			return err
		},
	}
}

func TestAroundFailures(t *testing.T) {
	for endpoint, call := range around() {
		for name, test := range map[string]struct {
			fault  cfapitest.Fault
			reason cfapi.Reason
		}{
			"401":      {cfapitest.Fault{Status: 401}, cfapi.ReasonUnauthorized},
			"403":      {cfapitest.Fault{Status: 403}, cfapi.ReasonForbidden},
			"404":      {cfapitest.Fault{Status: 404}, cfapi.ReasonRejected},
			"500":      {cfapitest.Fault{Status: 500}, cfapi.ReasonServer},
			"refused":  {cfapitest.Fault{Refuse: true}, cfapi.ReasonRejected},
			"redirect": {cfapitest.Fault{Redirect: "http://127.0.0.1:1/"}, cfapi.ReasonRejected},
			"HTML":     {cfapitest.Fault{Body: "<html>"}, cfapi.ReasonDecode},
			"scalar":   {cfapitest.Fault{Body: `{"success":true,"result":5}`}, cfapi.ReasonDecode},
			"absent":   {cfapitest.Fault{Body: `{"success":true}`}, cfapi.ReasonDecode},
			"cut off":  {cfapitest.Fault{CutOff: 10}, cfapi.ReasonDecode},
			"reset":    {cfapitest.Fault{Reset: true}, cfapi.ReasonNetwork},
		} {
			t.Run(endpoint+" "+name, func(t *testing.T) {
				t.Parallel()
				api, client := serve(t)
				api.Verify.Account = accountID
				var j journal
				client.Done = j.done
				test.fault.Endpoint = endpoint
				api.Inject(test.fault)
				err := call(t.Context(), client)
				wantReason(t, err, test.reason)
				for _, r := range j.requests {
					if r.Endpoint != endpoint || cfapi.ReasonOf(r.Err) != test.reason {
						t.Errorf("counted as %+v", r)
					}
				}
				api.Heal()
				if err := call(t.Context(), client); err != nil {
					t.Errorf("healed: %v", err)
				}
			})
		}
	}
}

// A 429 to one call holds off every other, captures included.
func TestAroundHoldOff(t *testing.T) {
	for endpoint, call := range around() {
		t.Run(endpoint, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api, client := servePiped(t)
				api.Inject(tooMany("30"))
				start := time.Now()
				wantReason(t, call(t.Context(), client), cfapi.ReasonRateLimited)
				for _, other := range around() {
					wantReason(t, other(t.Context(), client), cfapi.ReasonRateLimited)
				}
				wantHeld(t, api, client, start.Add(30*time.Second))
			})
		})
	}
}

func TestAroundRetry(t *testing.T) {
	for endpoint, call := range around() {
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			api, client := serve(t)
			api.Verify.Account = accountID
			api.Inject(cfapitest.Fault{Status: 503, Times: 2})
			if err := call(t.Context(), client); err != nil {
				t.Error(err)
			}
			wantRequests(t, api, 3)
		})
	}
}
