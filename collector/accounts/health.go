package accounts

import (
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/coalesce"
)

// Health is the state of one kind of request, such as the list requests of an account. Its zero
// value means that none was sent yet.
type Health struct {
	Reason      cfapi.Reason            // why the last request failed; "" if it did not
	Hint        string                  // what to do about it
	Err         error                   // quotes nothing that the API sent
	Since       time.Time               // when the requests started to fail, for any reason
	LastSuccess time.Time               // zero before the first
	Errors      map[cfapi.Reason]uint64 // all failures; replaced, never changed
}

// observe records the result of a request and logs changes. A failure with the
// same reason as before is logged at level debug.
func (h *Health) observe(logger log.Logger, what string, err error, hint func(error) string) {
	before := *h
	if err == nil {
		*h = Health{LastSuccess: time.Now().Round(0), Errors: before.Errors}
		if before.Reason != "" {
			level.Info(logger).Log("msg", what+" works again")
		}
		return
	}
	h.Reason, h.Hint, h.Err = cfapi.ReasonOf(err), hint(err), err
	if before.Reason == "" {
		h.Since = time.Now()
	}
	h.Errors = map[cfapi.Reason]uint64{h.Reason: 1}
	for reason, n := range before.Errors {
		h.Errors[reason] += n
	}
	if h.Reason == before.Reason && h.Hint == before.Hint {
		level.Debug(logger).Log("msg", what+" still fails", "reason", h.Reason, "err", err)
	} else {
		level.Warn(logger).Log("msg", what+" failed", "reason", h.Reason, "err", err, "hint", h.Hint)
	}
}

// newCache returns a group that keeps a result, and logs when its call starts to fail, and when it
// works again.
func newCache[T any](what string, ttl, timeout time.Duration, logger log.Logger) *coalesce.Group[T] {
	var health Health
	return &coalesce.Group[T]{Timeout: timeout, TTL: ttl, OnResult: func(_ T, err error) {
		health.observe(logger, what, err, hint)
	}}
}
