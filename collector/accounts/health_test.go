package accounts

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestFailures(t *testing.T) {
	const cutOff = `{"success":true,"result":[{"id":"a","status":"failed"},`
	for name, test := range map[string]struct {
		fault simulation.Fault
		want  cfapi.Reason
	}{
		"unauthorized": {simulation.Fault{Status: 401}, cfapi.ReasonUnauthorized},
		"rejected":     {simulation.Fault{Refuse: true}, cfapi.ReasonRejected},
		"server":       {simulation.Fault{Status: 502, Body: "<html>"}, cfapi.ReasonServer},
		"no retry":     {simulation.Fault{Status: 503, Latency: 2 * time.Second}, cfapi.ReasonServer}, // for lack of time
		"cut off":      {simulation.Fault{Body: cutOff}, cfapi.ReasonDecode},
		"reset":        {simulation.Fault{Reset: true}, cfapi.ReasonNetwork},
		"hang":         {simulation.Fault{Hang: true}, cfapi.ReasonTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := new(simulation.API)
				a := newOne(t, api, Options{})
				api.Inject(test.fault)
				for n := range uint64(2) {
					ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
					s := a.Scrape(ctx)
					cancel()
					if s.Up || s.List != nil || len(s.Errors) != 1 || s.Errors[test.want] != n+1 {
						t.Errorf("got %+v", s)
					}
				}
				api.Heal()
				if s := a.Scrape(t.Context()); !s.Up || s.List == nil || s.Errors[test.want] != 2 {
					t.Errorf("got %+v afterwards", s)
				}
			})
		})
	}
}

func TestFailureLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var logged bytes.Buffer
		api := new(simulation.API)
		a := newOne(t, api, Options{Logger: log.NewLogfmtLogger(&logged)})
		for _, status := range []int{403, 403, 0, 0, 404, 401} {
			api.Heal()
			if status != 0 {
				api.Inject(simulation.Fault{Status: status})
			}
			a.Buckets(t.Context())
			time.Sleep(time.Hour)
		}
		var got strings.Builder
		for line := range strings.Lines(logged.String()) {
			line, rest, _ := strings.Cut(strings.TrimSpace(line), " err=")
			got.WriteString(line + "\n")
			if warns := strings.Contains(line, "level=warn"); strings.Contains(rest, "hint=") != warns {
				t.Errorf("%s %s", line, rest)
			}
		}
		want := `level=warn account=ID msg="listing buckets failed" reason=forbidden
level=debug account=ID msg="listing buckets still fails" reason=forbidden
level=info account=ID msg="listing buckets works again"
level=warn account=ID msg="listing buckets failed" reason=rejected
level=warn account=ID msg="listing buckets failed" reason=unauthorized
`
		if want = strings.ReplaceAll(want, "ID", accountID); got.String() != want {
			t.Errorf("logged\n%s\nwant\n%s", got.String(), want)
		}
	})
}
