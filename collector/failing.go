package collector

import (
	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
)

// failing is why the last call failed; "" if it did not.
type failing struct {
	reason cfapi.Reason
}

// note logs what has changed since the call before; err is nil if this one did
// not fail. What goes on as it was is for the level debug.
func (f *failing) note(logger log.Logger, what string, err error) {
	before := f.reason
	f.reason = ""
	if err != nil {
		f.reason = cfapi.ReasonOf(err)
	}
	switch {
	case err == nil && before != "":
		level.Info(logger).Log("msg", what+" works again")
	case err == nil:
	case f.reason == before:
		level.Debug(logger).Log("msg", what+" still fails", "reason", f.reason, "err", err)
	default:
		level.Warn(logger).Log("msg", what+" failed", "reason", f.reason, "err", err, "hint", hints[f.reason])
	}
}
