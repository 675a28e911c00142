package accounts

import (
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
)

// A Failure describes why the last call failed. Its zero value is success.
type Failure struct {
	Reason cfapi.Reason // "" if the call did not fail
	Hint   string       // what to do about it
	Err    error        // quotes nothing that the API sent
	Since  time.Time    // when the calls started to fail, for any reason
}

// observe records the result of a call and logs changes. A failure with the
// same reason as before is logged at level debug.
func (f *Failure) observe(logger log.Logger, what string, err error, hint string) {
	before := *f
	*f = Failure{}
	if err != nil {
		*f = Failure{cfapi.ReasonOf(err), hint, err, before.Since}
		if f.Since.IsZero() {
			f.Since = time.Now()
		}
	}
	switch {
	case err == nil && before.Reason != "":
		level.Info(logger).Log("msg", what+" works again")
	case err == nil:
	case f.Reason == before.Reason && f.Hint == before.Hint:
		level.Debug(logger).Log("msg", what+" still fails", "reason", f.Reason, "err", err)
	default:
		level.Warn(logger).Log("msg", what+" failed", "reason", f.Reason, "err", err, "hint", f.Hint)
	}
}
