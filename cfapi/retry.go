package cfapi

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	maxRetries   = 2
	firstBackoff = 100 * time.Millisecond // doubled for each further retry
)

// retryable reports whether the same request may succeed a moment later.
func retryable(err error) bool {
	reason := ReasonOf(err)
	return reason == ReasonNetwork || reason == ReasonServer
}

// pause waits before the next attempt. It returns false immediately if another
// attempt as long as the last one would exceed the deadline of ctx.
func pause(ctx context.Context, attempt int, took time.Duration) bool {
	backoff := firstBackoff << attempt
	backoff += rand.N(backoff) //nolint:gosec // jitter needs no secure source
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < backoff+took {
		return false
	}
	timer := time.NewTimer(backoff)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
