package collector

import (
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
)

// failing is why the last call failed; "" if it did not.
type failing struct {
	reason cfapi.Reason
	since  time.Time // when it began to fail, for whichever reason; zero if it does not
}

// note logs what has changed since the call before; err is nil if this one did
// not fail. What goes on as it was is for the level debug.
func (f *failing) note(logger log.Logger, what string, err error) {
	before := *f
	*f = failing{}
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
