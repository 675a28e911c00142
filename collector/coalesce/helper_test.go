package coalesce

import (
	"context"
	"errors"
	"testing"
	"time"
)

// recorder records the calls of a Group's functions, which do not overlap.
type recorder struct {
	errs []error
}

func newGroup() (*Group[int], *recorder) {
	r := new(recorder)
	return &Group[int]{
		Timeout:  10 * time.Second,
		OnResult: func(_ int, err error) { r.errs = append(r.errs, err) },
	}, r
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
