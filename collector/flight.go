package collector

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// flight shares one call among all who ask for it while it is under way. The
// call does not end with the first who asked, only once nobody waits any more.
// (singleflight has no way to leave, and ties the call to its first caller.)
type flight[T any] struct {
	timeout time.Duration // of a call, whoever waits

	// settle is given each result that somebody waited for, once and before
	// they get it, and the error of each who left; one at a time.
	settle func(T, error)

	shared func() // called for each who joins a call under way

	mu      sync.Mutex
	current *call[T]
}

type call[T any] struct {
	waiting int
	until   time.Time // when the last of those who wait gives up
	cancel  context.CancelFunc
	done    chan struct{} // closed once value and err are set
	value   T
	err     error
}

// do returns what fn returns, shared with others if it was already under way.
// If ctx ends first, it returns ctx's error, wrapped.
func (f *flight[T]) do(ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
	if ctx.Err() != nil { // else a request would be begun for nobody, and counted
		f.mu.Lock()
		defer f.mu.Unlock()
		var none T
		return none, f.gone(ctx)
	}
	c := f.join(ctx, fn)
	select {
	case <-c.done:
		return c.value, c.err
	case <-ctx.Done():
		return f.leave(ctx, c)
	}
}

func (f *flight[T]) join(ctx context.Context, fn func(context.Context) (T, error)) *call[T] {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current != nil {
		f.current.waiting++
		f.current.extend(ctx)
		f.shared()
		return f.current
	}
	detached, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.timeout) //nolint:gosec // run calls cancel
	c := &call[T]{waiting: 1, cancel: cancel, done: make(chan struct{})}
	c.extend(ctx)
	f.current = c
	go f.run(patience{detached, func() time.Time { //nolint:contextcheck // it is detached from its first caller
		f.mu.Lock()
		defer f.mu.Unlock()
		return c.until
	}}, c, fn)
	return c
}

// extend has the call last as long as ctx. A ctx without a deadline waits for
// the timeout, which is longer than any.
func (c *call[T]) extend(ctx context.Context) {
	if deadline, ok := ctx.Deadline(); ok && deadline.After(c.until) {
		c.until = deadline
	}
}

// patience is the context of a call: its deadline is that of those who wait, so
// that no retry is begun that none of them would see the end of.
type patience struct {
	context.Context
	until func() time.Time
}

// Deadline implements context.Context.
func (p patience) Deadline() (time.Time, bool) {
	deadline, ok := p.Context.Deadline()
	if until := p.until(); !until.IsZero() && until.Before(deadline) {
		deadline = until
	}
	return deadline, ok
}

func (f *flight[T]) run(ctx context.Context, c *call[T], fn func(context.Context) (T, error)) {
	defer c.cancel()
	value, err := fn(ctx)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current != c {
		return // nobody waits for it
	}
	f.current = nil
	c.value, c.err = value, err
	f.settle(value, err)
	close(c.done)
}

func (f *flight[T]) leave(ctx context.Context, c *call[T]) (T, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.current != c {
		return c.value, c.err // it ended at the same moment
	}
	c.waiting--
	if c.waiting == 0 {
		f.current = nil
		c.cancel()
	}
	return c.value, f.gone(ctx)
}

// gone is the outcome for a caller whose ctx has ended. That a scraper hung up
// says nothing of the API, and nobody reads the answer.
func (f *flight[T]) gone(ctx context.Context) error {
	err := fmt.Errorf("the scrape ended before the answer: %w", ctx.Err())
	if errors.Is(err, context.DeadlineExceeded) {
		var none T
		f.settle(none, err)
	}
	return err
}
