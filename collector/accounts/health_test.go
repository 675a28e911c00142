package accounts

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestHealthLog(t *testing.T) {
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
