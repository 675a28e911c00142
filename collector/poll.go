package collector

import (
	"context"
	"sync"
	"time"

	"github.com/go-kit/log"
)

// pollRetry keeps an endpoint that fails from being asked by each scrape.
const pollRetry = time.Minute

// poll asks the API for something that changes seldom, when a scrape wants it
// and it is due. Its answer is shown until then; after a failure nothing is.
type poll[T any] struct {
	what   string // is done by asking, for the log
	every  time.Duration
	logger log.Logger
	flight flight[T]

	mu      sync.Mutex
	last    polled[T]
	failing failing
}

// polled is the outcome of a call.
type polled[T any] struct {
	value T
	err   error
	until time.Time // when the next call is due
}

func (p polled[T]) isDue() bool { return !time.Now().Before(p.until) }

func newPoll[T any](what string, every, timeout time.Duration, logger log.Logger) *poll[T] {
	p := &poll[T]{what: what, every: every, logger: logger}
	p.flight = flight[T]{timeout: timeout, settle: p.settle, shared: func() {}}
	return p
}

// get returns the last answer or, if one is due, that of ask. It returns false
// if there is none to show.
func (p *poll[T]) get(ctx context.Context, ask func(context.Context) (T, error)) (T, bool) {
	last := p.latest()
	if !last.isDue() {
		return last.value, last.err == nil
	}
	if ctx.Err() != nil {
		var none T
		return none, false // a call that nobody can wait for would only fail
	}
	value, err := p.flight.do(ctx, func(ctx context.Context) (T, error) {
		// The call of another scrape may have ended in the meantime.
		if last := p.latest(); !last.isDue() {
			return last.value, last.err
		}
		return ask(ctx)
	})
	return value, err == nil
}

func (p *poll[T]) latest() polled[T] {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// settle takes in the outcome of a call, or of waiting for one.
func (p *poll[T]) settle(value T, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	wait := p.every
	if err != nil {
		wait = pollRetry
	}
	p.last = polled[T]{value, err, time.Now().Add(wait)}
	p.failing.note(p.logger, p.what, err)
}
