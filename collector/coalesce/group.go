// Package coalesce shares one call among all callers that wait for it.
package coalesce

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// errorTTL is the maximum TTL of an error. It limits how often a failing call is repeated.
const errorTTL = time.Minute

// A Group shares a call among the callers that request it while it runs. The call is
// canceled when the last caller has left. (In singleflight, the call depends on its
// first caller, and callers cannot leave.)
type Group[T any] struct {
	// Timeout is the maximum duration of a call.
	Timeout time.Duration

	// TTL is the time for which later callers get a result without another call. It
	// is a minute at most for an error.
	TTL time.Duration

	// OnResult, if not nil, is called once with each result before the callers get
	// it, and with the error of each caller whose deadline passed. It is never
	// called concurrently. With a TTL, it is not called for a caller whose deadline
	// had passed before its call could start.
	OnResult func(T, error)

	mu   sync.Mutex
	last *call[T]
}

// call is one execution of a function, in progress or ended. The value and err are set when done is closed.
type call[T any] struct {
	waiting int
	cancel  context.CancelFunc
	done    chan struct{}
	expires time.Time // zero while the call runs
	value   T
	err     error
}

// Do returns the last result if it has not expired, or else the result of fn or of the call in
// progress. If ctx is done first, Do returns its error, wrapped.
func (g *Group[T]) Do(ctx context.Context, fn func(context.Context) (T, error)) (value T, err error) {
	c := g.join(ctx, fn)
	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
		return g.leave(ctx, c)
	}
}

func (g *Group[T]) join(ctx context.Context, fn func(context.Context) (T, error)) *call[T] {
	g.mu.Lock()
	defer g.mu.Unlock()
	if c := g.last; c != nil && (c.expires.IsZero() || time.Now().Before(c.expires)) {
		c.waiting++
		return c
	}
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.Timeout) //nolint:gosec // run or leave calls cancel
	c := &call[T]{waiting: 1, cancel: cancel, done: make(chan struct{})}
	if ctx.Err() == nil { // else fn would send a request for nobody
		g.last = c
		go g.run(callCtx{detached, ctx}, c, fn) //nolint:contextcheck // detached from its first caller
	}
	return c
}

// callCtx is the context of a call. It reports the deadline of the first caller, so that fn
// starts no retry that this caller would not wait for. It is done later if others wait longer.
type callCtx struct {
	context.Context
	first context.Context
}

// Deadline implements context.Context.
func (c callCtx) Deadline() (time.Time, bool) {
	deadline, _ := c.Context.Deadline()
	if first, ok := c.first.Deadline(); ok && first.Before(deadline) {
		return first, true
	}
	return deadline, true
}

func (g *Group[T]) run(ctx context.Context, c *call[T], fn func(context.Context) (T, error)) {
	defer c.cancel()
	value, err := fn(ctx)
	g.mu.Lock()
	defer g.mu.Unlock()
	if c.expires.IsZero() { // else every caller has left
		g.end(c, value, err)
	}
}

func (g *Group[T]) leave(ctx context.Context, c *call[T]) (value T, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !c.expires.IsZero() {
		return c.value, c.err // it ended at the same moment
	}
	err = fmt.Errorf("the scrape ended before the response: %w", ctx.Err())
	c.waiting--
	if c.waiting > 0 {
		g.report(value, err)
		return value, err
	}
	c.cancel()
	if c == g.last || g.TTL == 0 { // else the error is of a late caller alone, and not to be kept
		g.end(c, value, err)
	}
	return value, err
}

// end sets the result of a call.
func (g *Group[T]) end(c *call[T], value T, err error) {
	ttl := g.TTL
	switch {
	case errors.Is(err, context.Canceled): // every caller has hung up
		ttl = 0
	case err != nil:
		ttl = min(ttl, errorTTL)
	}
	c.value, c.err, c.expires = value, err, time.Now().Add(ttl)
	g.report(value, err)
	close(c.done)
}

// report reports a result. It leaves out callers that hung up, because the call did not fail.
func (g *Group[T]) report(value T, err error) {
	if g.OnResult != nil && !errors.Is(err, context.Canceled) {
		g.OnResult(value, err)
	}
}
