package coalesce

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

var errLoad = errors.New("load failed")

// newCache returns a cache, and the results that it reports.
func newCache() (*Cache[int], *[]error) {
	results := new([]error)
	return NewCache[int](time.Hour, 10*time.Second, func(err error) { *results = append(*results, err) }), results
}

func TestCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, results := newCache()
		calls := 0
		for i, step := range []struct {
			pause time.Duration
			err   error // of a call
			want  int   // 0 is no value
			calls int
		}{
			{0, nil, 1, 1},
			{time.Hour - 1, errLoad, 1, 1},
			{1, errLoad, 0, 2},
			{time.Minute - 1, nil, 0, 2},
			{1, nil, 3, 3},
			{time.Hour - 1, nil, 3, 3},
		} {
			time.Sleep(step.pause)
			value, ok := c.Get(t.Context(), func(ctx context.Context) (int, error) {
				calls++
				return calls, cmp.Or(step.err, ctx.Err())
			})
			if ok != (step.want > 0) || ok && value != step.want || calls != step.calls {
				t.Errorf("step %d: got %d, %v after %d calls", i, value, ok, calls)
			}
		}
		if want := []error{nil, errLoad, nil}; !slices.Equal(*results, want) {
			t.Errorf("results %v, want %v", *results, want)
		}
	})
}

// A caller whose context has ended starts no call, and leaves no error to later callers.
func TestCacheWithoutTime(t *testing.T) {
	c, results := newCache()
	ended, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	load := func(context.Context) (int, error) { return 1, nil }
	if _, ok := c.Get(ended, load); ok || len(*results) > 0 {
		t.Errorf("got a value, results %v", *results)
	}
	for _, ctx := range []context.Context{t.Context(), ended} {
		if value, ok := c.Get(ctx, load); value != 1 || !ok {
			t.Errorf("got %d, %v", value, ok)
		}
	}
}
