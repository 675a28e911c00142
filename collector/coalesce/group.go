// Package coalesce shares one call among all callers that wait for it.
package coalesce

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// A Group shares a call among the callers that request it while it runs. The call is
// canceled when the last caller has left. (In singleflight, the call depends on its
// first caller, and callers cannot leave.)
type Group[T any] struct {
	// Timeout is the maximum duration of a call.
	Timeout time.Duration

	// OnResult, if not nil, is called once with each result before the callers get
	// it, and with the error of each caller whose deadline passed. It is never
	// called concurrently.
	OnResult func(T, error)

	mu      sync.Mutex
	current *call[T]
}

type call[T any] struct {
	waiting int
	cancel  context.CancelFunc
	done    chan struct{} // closed when value and err are set
	value   T
	err     error
}

// Do returns the result of fn, or of the call in progress. If ctx is done first, Do returns
// its error, wrapped.
func (g *Group[T]) Do(ctx context.Context, fn func(context.Context) (T, error)) (value T, err error) {
	if ctx.Err() != nil { // fn would send a request for nobody
		g.mu.Lock()
		defer g.mu.Unlock()
		return value, g.ctxErr(ctx)
	}
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
	if g.current != nil {
		g.current.waiting++
		return g.current
	}
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.Timeout) //nolint:gosec // run calls cancel
	c := &call[T]{waiting: 1, cancel: cancel, done: make(chan struct{})}
	g.current = c
	go g.run(callCtx{detached, ctx}, c, fn) //nolint:contextcheck // detached from its first caller
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
	if g.current != c {
		return // every caller has left
	}
	g.current = nil
	c.value, c.err = value, err
	g.report(value, err)
	close(c.done)
}

func (g *Group[T]) leave(ctx context.Context, c *call[T]) (value T, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.current != c {
		return c.value, c.err // it ended at the same moment
	}
	c.waiting--
	if c.waiting == 0 {
		g.current = nil
		c.cancel()
	}
	return value, g.ctxErr(ctx)
}

// ctxErr returns the error for a caller whose context has ended. A caller that hung
// up is not reported: that is no failure of the call.
func (g *Group[T]) ctxErr(ctx context.Context) error {
	err := fmt.Errorf("the scrape ended before the response: %w", ctx.Err())
	if errors.Is(err, context.DeadlineExceeded) {
		var none T
		g.report(none, err)
	}
	return err
}

func (g *Group[T]) report(value T, err error) {
	if g.OnResult != nil {
		g.OnResult(value, err)
	}
}
