package coalesce

import (
	"context"
	"errors"
	"testing"
	"time"
)

// newGroup returns a group, and the errors that it reports.
func newGroup() (*Group[int], *[]error) {
	results := new([]error)
	return &Group[int]{
		Timeout:  10 * time.Second,
		OnResult: func(_ int, err error) { *results = append(*results, err) },
	}, results
}

// returnAfter returns a function that returns the value after d, or the error of its
// context if that ends before.
func returnAfter(d time.Duration, value int) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		select {
		case <-time.After(d):
			return value, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func checkDo(ctx context.Context, t *testing.T, g *Group[int], fn func(context.Context) (int, error), value int, cause error) {
	t.Helper()
	got, err := g.Do(ctx, fn)
	if got != value || !errors.Is(err, cause) {
		t.Errorf("got %d, %v, want %d, %v", got, err, value, cause)
	}
}
