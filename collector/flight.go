package collector

import (
	"context"
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
	cancel  context.CancelFunc
	done    chan struct{} // closed once value and err are set
	value   T
	err     error
}

// do returns what fn returns, shared with others if it was already under way.
// If ctx ends first, it returns ctx's error, wrapped.
func (f *flight[T]) do(ctx context.Context, fn func(context.Context) (T, error)) (T, error) {
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
		f.shared()
		return f.current
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.timeout) //nolint:gosec // run calls cancel
	c := &call[T]{waiting: 1, cancel: cancel, done: make(chan struct{})}
	f.current = c
	go f.run(ctx, c, fn)
	return c
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
	err := fmt.Errorf("the scrape ended before the listing: %w", ctx.Err())
	f.settle(c.value, err)
	return c.value, err
}
