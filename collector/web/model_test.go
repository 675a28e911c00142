package web

import (
	"os"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// TestModel lets captures, faults, scrapes, reloads and restarts happen at random, and
// compares each exposition with a model that counts by itself. MODEL=7 repeats seed 7.
// MODEL=1h tests other seeds for an hour, which needs -timeout 0.
func TestModel(t *testing.T) {
	seeds, end := []uint64{1, 2, 3}, time.Now()
	if text := os.Getenv("MODEL"); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			var d time.Duration
			if d, err = time.ParseDuration(text); err != nil {
				t.Fatal("MODEL: ", err)
			}
			seed, end = uint64(end.UnixNano()), end.Add(d)
		}
		seeds = []uint64{seed}
	}
	steps := 0
	for i := 0; i < len(seeds) && !t.Failed(); i++ {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, seeds[i])
			for w.steps < 30 && !t.Failed() {
				w.step()
				steps++
			}
			w.checkRecovery()
			if t.Failed() {
				t.Fatalf("after %d steps, which MODEL=%d repeats. The log of the last one:\n%s", w.steps, seeds[i], &w.log)
			}
		})
		if time.Now().Before(end) {
			seeds = append(seeds, seeds[i]+1)
		}
	}
	t.Logf("%d steps with %d seeds", steps, len(seeds))
}
