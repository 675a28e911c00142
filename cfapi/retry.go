package cfapi

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	maxRetries   = 2
	firstBackoff = 100 * time.Millisecond // doubled for each further one
)

// retryable tells whether the same request may succeed a moment later.
func retryable(err error) bool {
	if err == nil {
		return false
	}
	reason := ReasonOf(err)
	return reason == ReasonNetwork || reason == ReasonServer
}

// pause waits before the next attempt. It returns false, at once, if another
// attempt that takes as long as the last one would miss ctx's deadline.
func pause(ctx context.Context, attempt int, took time.Duration) bool {
	backoff := firstBackoff << attempt
	backoff += rand.N(backoff) //nolint:gosec // it only keeps clients apart
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
