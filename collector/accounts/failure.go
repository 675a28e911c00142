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
	hint   string    // what to do about it
	since  time.Time // when the calls started to fail, for any reason
}

// observe records the result of a call and logs changes. A failure with the
// same reason as before is logged at level debug.
func (f *failureState) observe(logger log.Logger, what string, err error) {
	before := *f
	*f = failureState{}
	if err != nil {
		f.reason, f.hint, f.since = cfapi.ReasonOf(err), hint(err), before.since
		if f.since.IsZero() {
			f.since = time.Now()
		}
	}
	switch {
	case err == nil && before.reason != "":
		level.Info(logger).Log("msg", what+" works again")
	case err == nil:
	case f.reason == before.reason && f.hint == before.hint:
		level.Debug(logger).Log("msg", what+" still fails", "reason", f.reason, "err", err)
	default:
		level.Warn(logger).Log("msg", what+" failed", "reason", f.reason, "err", err, "hint", f.hint)
	}
}
