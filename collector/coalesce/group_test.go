package coalesce

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A call reports the deadline of its first caller, and ends when nobody waits for it.
func TestDeadlines(t *testing.T) {
	for name, test := range map[string]struct {
		timeouts       []time.Duration // of the callers; 0 is none
		reported, ends time.Duration
	}{
		"one caller":          {[]time.Duration{3}, 3, 3},
		"a later deadline":    {[]time.Duration{1, 3, 2}, 1, 3},
		"an earlier deadline": {[]time.Duration{3, 1}, 3, 3},
		"later than Timeout":  {[]time.Duration{30}, 10, 10},
		"no deadline":         {[]time.Duration{0}, 10, 10},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, _ := newGroup()
				start := time.Now()
				var ended time.Duration // after start
				fn := func(ctx context.Context) (int, error) {
					if deadline, ok := ctx.Deadline(); !ok || deadline.Sub(start) != test.reported*time.Second {
						t.Errorf("the deadline is in %v", deadline.Sub(start))
					}
					<-ctx.Done()
					ended = time.Since(start)
					return 0, ctx.Err()
				}
				var callers sync.WaitGroup
				for _, timeout := range test.timeouts {
					ctx, cancel := t.Context(), context.CancelFunc(func() {})
					if timeout > 0 {
						ctx, cancel = context.WithTimeout(ctx, timeout*time.Second)
					}
					defer cancel()
					callers.Go(func() { checkDo(ctx, t, g, fn, 0, context.DeadlineExceeded) })
					synctest.Wait()
				}
				callers.Wait()
				synctest.Wait()
				if ended != test.ends*time.Second {
					t.Errorf("the call ended after %v", ended)
				}
			})
		})
	}
}

// A caller that hangs up is no failure, but one whose deadline passes is. With a TTL, that error is kept
// if there was a call.
func TestEndedCallers(t *testing.T) {
	hangUp := func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(after, cancel)
		return ctx, cancel
	}
	for name, test := range map[string]struct {
		ttl     time.Duration
		end     func(context.Context, time.Duration) (context.Context, context.CancelFunc)
		after   time.Duration
		cause   error
		results int
		next    error // of the next caller
	}{
		"hangs up before":                {0, hangUp, 0, context.Canceled, 0, nil},
		"hangs up meanwhile":             {0, hangUp, 1, context.Canceled, 0, nil},
		"hangs up, TTL":                  {time.Hour, hangUp, 1, context.Canceled, 0, nil},
		"deadline is past":               {0, context.WithTimeout, 0, context.DeadlineExceeded, 1, nil},
		"deadline is past, TTL":          {time.Hour, context.WithTimeout, 0, context.DeadlineExceeded, 0, nil},
		"deadline passes meanwhile":      {0, context.WithTimeout, 1, context.DeadlineExceeded, 1, nil},
		"deadline passes meanwhile, TTL": {time.Hour, context.WithTimeout, 1, context.DeadlineExceeded, 1, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, results := newGroup()
				g.TTL = test.ttl
				ctx, cancel := test.end(t.Context(), test.after)
				defer cancel()
				synctest.Wait()
				called := false
				checkDo(ctx, t, g, func(ctx context.Context) (int, error) {
					called = true
					return returnAfter(time.Hour, 0)(ctx)
				}, 0, test.cause)
				synctest.Wait()
				if called != (test.after > 0) || len(*results) != test.results {
					t.Errorf("called: %v, results %v", called, *results)
				}
				value := 1
				if test.next != nil {
					value = 0
				}
				checkDo(t.Context(), t, g, returnAfter(0, 1), value, test.next)
			})
		})
	}
}

// A call that every caller has left may return late. It must not disturb the next call, which its
// first caller may leave.
func TestSharedCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, results := newGroup()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		late := func(context.Context) (int, error) {
			time.Sleep(3 * time.Second)
			return 1, nil
		}
		checkDo(ctx, t, g, late, 0, context.DeadlineExceeded)
		*results = nil
		first, leave := context.WithCancel(t.Context())
		time.AfterFunc(4*time.Second, leave)
		var callers sync.WaitGroup
		callers.Go(func() { checkDo(first, t, g, returnAfter(5*time.Second, 2), 0, context.Canceled) })
		time.Sleep(3 * time.Second) // the late call returns meanwhile
		for range 20 {
			callers.Go(func() { checkDo(t.Context(), t, g, returnAfter(0, 3), 2, nil) })
		}
		callers.Wait()
		if !slices.Equal(*results, []error{nil}) {
			t.Errorf("results %v", *results)
		}
	})
}

func TestTTL(t *testing.T) {
	errLoad := errors.New("load failed")
	synctest.Test(t, func(t *testing.T) {
		g, results := newGroup()
		g.TTL = time.Hour
		calls := 0
		for i, step := range []struct {
			pause time.Duration
			err   error // of a call
			want  int   // 0 is an error
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
			value, err := g.Do(t.Context(), func(ctx context.Context) (int, error) {
				calls++
				return calls, cmp.Or(step.err, ctx.Err())
			})
			if (err == nil) != (step.want > 0) || err == nil && value != step.want || calls != step.calls {
				t.Errorf("step %d: got %d, %v after %d calls", i, value, err, calls)
			}
		}
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		checkDo(ended, t, g, returnAfter(0, 4), 3, nil)
		if want := []error{nil, errLoad, nil}; !slices.Equal(*results, want) {
			t.Errorf("results %v, want %v", *results, want)
		}
	})
}
