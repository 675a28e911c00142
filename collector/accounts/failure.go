package accounts

import (
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
)

// failureState describes why the last call failed. Its zero value is success.
type failureState struct {
	reason cfapi.Reason
	since  time.Time // when the calls started to fail, for any reason
}

// observe records the result of a call and logs what has changed. A failure with the
// same reason as before is logged at level debug.
func (f *failureState) observe(logger log.Logger, what string, err error) {
	before := *f
	*f = failureState{}
	if err != nil {
		f.reason, f.since = cfapi.ReasonOf(err), before.since
		if f.since.IsZero() {
			f.since = time.Now()
		}
	}
	switch {
	case err == nil && before.reason != "":
		level.Info(logger).Log("msg", what+" works again")
	case err == nil:
	case f.reason == before.reason:
		level.Debug(logger).Log("msg", what+" still fails", "reason", f.reason, "err", err)
	default:
		level.Warn(logger).Log("msg", what+" failed", "reason", f.reason, "err", err, "hint", hints[f.reason])
	}
}

// hints recommend what to do about a failure, in the log and on the status page.
var hints = map[cfapi.Reason]string{
	cfapi.ReasonCredentials:  "make the token file readable and put the token into it",
	cfapi.ReasonUnauthorized: "check that the token is correct, active and has the permission Magic Firewall Packet Captures Read",
	cfapi.ReasonForbidden:    "give the token the permission Magic Firewall Packet Captures Read for this account",
	cfapi.ReasonRateLimited:  "scrape less often, or use a token of a user with no other clients",
	cfapi.ReasonRejected:     "check the account id and the API URL",
	cfapi.ReasonServer:       "wait; if it lasts, see www.cloudflarestatus.com",
	cfapi.ReasonTimeout:      "raise scrape_timeout in Prometheus and --scrape.timeout, or check the network",
	cfapi.ReasonNetwork:      "check DNS, proxy and firewall between the exporter and the API URL",
	cfapi.ReasonDecode:       "check that the API URL is Cloudflare's and that no proxy responds instead",
}
