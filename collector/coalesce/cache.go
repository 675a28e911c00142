package coalesce

import (
	"context"
	"sync"
	"time"
)

// errorTTL limits how often a failing call is repeated.
const errorTTL = time.Minute

// A Cache calls a function at most once in a TTL, when a caller needs its result.
// After an error it returns no value until the next call succeeds.
type Cache[T any] struct {
	ttl      time.Duration
	onResult func(error)
	group    Group[T]

	mu      sync.Mutex
	value   T
	err     error
	expires time.Time
}

// NewCache returns an empty cache. The timeout is the maximum duration of a call.
// onResult is called after each call, and with the error of each caller whose
// deadline passed. It is never called concurrently.
func NewCache[T any](ttl, timeout time.Duration, onResult func(error)) *Cache[T] {
	c := &Cache[T]{ttl: ttl, onResult: onResult}
	c.group = Group[T]{Timeout: timeout, OnResult: c.store}
	return c
}

// Get returns the cached value or, if it has expired, the result of load. It returns
// false if there is no value.
func (c *Cache[T]) Get(ctx context.Context, load func(context.Context) (T, error)) (T, bool) {
	c.mu.Lock()
	value, err, expires := c.value, c.err, c.expires
	c.mu.Unlock()
	if time.Now().Before(expires) {
		return value, err == nil
	}
	if ctx.Err() != nil {
		var none T
		return none, false // a call that nobody waits for would only fail
	}
	value, err = c.group.Do(ctx, load)
	return value, err == nil
}

// store caches a result. Group calls it under a lock.
func (c *Cache[T]) store(value T, err error) {
	ttl := c.ttl
	if err != nil {
		ttl = errorTTL
	}
	c.mu.Lock()
	c.value, c.err, c.expires = value, err, time.Now().Add(ttl)
	c.mu.Unlock()
	c.onResult(err)
}
