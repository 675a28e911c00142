package coalesce

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestDoShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, recorded := newGroup()
		first, leave := context.WithCancel(t.Context())
		var callers sync.WaitGroup
		callers.Go(func() { checkDo(first, t, g, returnAfter(time.Second, 1), 0, context.Canceled) })
		synctest.Wait()
		for range 20 {
			callers.Go(func() { checkDo(t.Context(), t, g, returnAfter(0, 2), 1, nil) })
		}
		synctest.Wait()
		leave()
		callers.Wait()
		if recorded.shared != 20 || !slices.Equal(recorded.errs, []error{nil}) {
			t.Errorf("%d callers shared, results %v", recorded.shared, recorded.errs)
		}
	})
}

// The context of a call ends when the last caller leaves, not before and no later.
func TestLastCallerCancels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, recorded := newGroup()
		start := time.Now()
		var canceled time.Duration // after start
		wait := func(ctx context.Context) (int, error) {
			<-ctx.Done()
			canceled = time.Since(start)
			return 0, ctx.Err()
		}
		var callers sync.WaitGroup
		for i := range 30 {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Duration(i+1)*time.Millisecond, cancel)
			callers.Go(func() { checkDo(ctx, t, g, wait, 0, context.Canceled) })
		}
		callers.Wait()
		checkDo(t.Context(), t, g, returnAfter(time.Second, 2), 2, nil) // a new call
		if canceled != 30*time.Millisecond || !slices.Equal(recorded.errs, []error{nil}) {
			t.Errorf("the call was canceled after %v, results %v", canceled, recorded.errs)
		}
	})
}

// A call reports the deadline of its first caller, and ends when nobody waits for it.
func TestDeadlines(t *testing.T) {
	for name, test := range map[string]struct {
		timeouts       []time.Duration // of the callers in seconds; 0 is none
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
				fn := func(ctx context.Context) (int, error) {
					deadline, ok := ctx.Deadline()
					if !ok || deadline.Sub(start) != test.reported*time.Second {
						t.Errorf("the deadline is in %v", deadline.Sub(start))
					}
					return returnAfter(time.Hour, 0)(ctx)
				}
				var callers sync.WaitGroup
				for _, timeout := range test.timeouts {
					ctx := t.Context()
					if timeout > 0 {
						var cancel context.CancelFunc
						ctx, cancel = context.WithTimeout(ctx, timeout*time.Second)
						defer cancel()
					}
					callers.Go(func() { checkDo(ctx, t, g, fn, 0, context.DeadlineExceeded) })
					synctest.Wait()
				}
				callers.Wait()
				if d := time.Since(start); d != test.ends*time.Second {
					t.Errorf("the call ended after %v", d)
				}
			})
		})
	}
}

// A caller that hangs up is no failure, but one whose deadline passes is.
func TestEndedCallers(t *testing.T) {
	hangUp := func(ctx context.Context, after time.Duration) (context.Context, context.CancelFunc) {
		ctx, cancel := context.WithCancel(ctx)
		time.AfterFunc(after, cancel)
		return ctx, cancel
	}
	for name, test := range map[string]struct {
		end     func(context.Context, time.Duration) (context.Context, context.CancelFunc)
		after   time.Duration
		cause   error
		called  bool
		results int
	}{
		"hangs up before":           {hangUp, 0, context.Canceled, false, 0},
		"hangs up meanwhile":        {hangUp, time.Second, context.Canceled, true, 0},
		"deadline is past":          {context.WithTimeout, 0, context.DeadlineExceeded, false, 1},
		"deadline passes meanwhile": {context.WithTimeout, time.Second, context.DeadlineExceeded, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, recorded := newGroup()
				ctx, cancel := test.end(t.Context(), test.after)
				defer cancel()
				synctest.Wait()
				called := false
				checkDo(ctx, t, g, func(ctx context.Context) (int, error) {
					called = true
					return returnAfter(time.Hour, 0)(ctx)
				}, 0, test.cause)
				synctest.Wait()
				if called != test.called || len(recorded.errs) != test.results {
					t.Errorf("called: %v, results %v", called, recorded.errs)
				}
			})
		})
	}
}

// A call that every caller has left may return late. It must not disturb the next call.
func TestAbandonedCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, recorded := newGroup()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		late := func(context.Context) (int, error) {
			time.Sleep(3 * time.Second)
			return 1, nil
		}
		checkDo(ctx, t, g, late, 0, context.DeadlineExceeded)
		recorded.errs = nil
		var callers sync.WaitGroup
		for pause := range time.Duration(2) {
			time.Sleep(pause * 3 * time.Second) // the late call returns meanwhile
			callers.Go(func() { checkDo(t.Context(), t, g, returnAfter(5*time.Second, 2), 2, nil) })
		}
		callers.Wait()
		if recorded.shared != 1 || !slices.Equal(recorded.errs, []error{nil}) {
			t.Errorf("%d callers shared, results %v", recorded.shared, recorded.errs)
		}
	})
}

func TestLeaveAfterEnd(t *testing.T) {
	g, recorded := newGroup()
	c := g.join(t.Context(), returnAfter(0, 1))
	<-c.done
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if value, err := g.leave(ctx, c); value != 1 || err != nil || len(recorded.errs) != 1 {
		t.Errorf("got %d, %v, results %v", value, err, recorded.errs)
	}
}
