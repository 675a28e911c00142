package cfapi_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi"
)

// naive remembers when every request ends.
type naive struct {
	limit int
	ends  []time.Time
}

func (n *naive) allows(now time.Time) bool {
	count := 0
	for _, end := range n.ends {
		if now.Sub(end) <= quotaWindow { // or it is in flight
			count++
		}
	}
	return count < n.limit
}

// until is when it allows one if it does not now: of a request in flight, it does
// not know when that will end.
func (n *naive) until(now time.Time) time.Time {
	least := now.Add(quotaWindow + tick)
	for _, end := range n.ends {
		if at := end.Add(quotaWindow + tick); !end.After(now) && at.Before(least) && n.allows(at) {
			least = at
		}
	}
	return least
}

func TestRateLimitAgainstNaive(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // the same times each time
		synctest.Test(t, func(t *testing.T) { testAgainstNaive(t, r) })
	}
}

func testAgainstNaive(t *testing.T, r *rand.Rand) {
	n := &naive{limit: 1 + r.IntN(20)}
	client := &cfapi.Client{RateLimit: n.limit}
	pause := quotaWindow * time.Duration(1+r.IntN(3)) / time.Duration(n.limit)
	var wg sync.WaitGroup
	defer wg.Wait()
	for range 300 {
		took := time.Duration(r.Int64N(int64(20 * time.Second)))
		client.Transport = taking(took, 0).Transport
		now, held, want := time.Now(), time.Time{}, time.Time{}
		if n.allows(now) {
			n.ends = append(n.ends, now.Add(took))
		} else {
			want = n.until(now)
		}
		wg.Go(func() {
			if until := heldUntil(t, list(t.Context(), client).err); !until.IsZero() {
				held = until
			}
		})
		synctest.Wait()
		if !held.Equal(want) {
			t.Errorf("at %v: held off until %v, want %v", now, held, want)
			return
		}
		time.Sleep(time.Duration(r.Int64N(int64(pause))))
		synctest.Wait()
	}
}
