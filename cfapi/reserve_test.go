package cfapi_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestReserve(t *testing.T) {
	const policy = `"default";q=1200;w=300`
	for name, test := range map[string]struct {
		limit   int
		answers []told
		want    int
	}{
		"rest of the quota":   {1000, []told{{`"default";r=205;t=30`, policy, 0, nil}}, 5},
		"none left":           {1000, []told{{`"default";r=200;t=30`, policy, 0, nil}}, 0},
		"less than none":      {1000, []told{{`"default";r=7;t=30`, policy, 0, nil}}, 0},
		"plenty":              {1000, []told{{`"default";r=1000;t=30`, policy, 0, nil}}, 20},
		"limit is the quota":  {1200, []told{{`"default";r=5;t=30`, policy, 0, nil}}, 5},
		"limit is beyond it":  {5000, []told{{`"default";r=5;t=30`, policy, 0, nil}}, 5},
		"no limit of ours":    {0, []told{{`"default";r=5;t=30`, policy, 0, nil}}, 5},
		"quota not said":      {1000, []told{{`"default";r=5;t=30`, "", 0, nil}}, 5},
		"quota said later":    {1000, []told{{`"default";r=209;t=30`, "", 0, nil}, {`"default";r=208;t=30`, policy, 0, nil}}, 8},
		"quota remembered":    {1000, []told{{`"default";r=209;t=30`, policy, 0, nil}, {`"default";r=208;t=30`, "", 0, nil}}, 8},
		"longer window":       {1000, []told{{`"day";r=5;t=30`, `"day";q=90000;w=86400`, 0, nil}}, 5},
		"shorter window":      {100, []told{{`"ip";r=105;t=30`, `"ip";q=200;w=1`, 0, nil}}, 5},
		"least of two":        {1000, []told{{`"a";r=9;t=30, "b";r=8;t=30`, "", 0, nil}}, 8},
		"no answer may count": {1000, []told{{`"a";r=9;t=30`, "", 0, nil}, {err: context.DeadlineExceeded}}, 8},
		"own limit":           {7, []told{{`"a";r=1300;t=30`, policy, 0, nil}}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client := telling(test.limit, test.answers...)
				start := time.Now()
				for range test.answers {
					_ = list(t.Context(), client)
				}
				n, until := room(t, client)
				if n != test.want {
					t.Errorf("room for %d requests, want %d", n, test.want)
				}
				if test.limit > 100 && n < 20 && !until.Equal(start.Add(30*time.Second)) {
					t.Errorf("held off until %v", until)
				}
			})
		})
	}
}

// Once the window has ended, nothing is known of the next one.
func TestReserveEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := telling(1000, told{limit: `"default";r=200;t=30`, policy: `"default";q=1200;w=300`})
		listOnly(t, client)
		end := time.Now().Add(30 * time.Second)
		time.Sleep(30*time.Second - tick)
		wantRoom(t, client, 0, end)
		time.Sleep(tick)
		if n, _ := room(t, client); n != 20 {
			t.Errorf("room for %d requests in a new window", n)
		}
	})
}

// What others used of one window is left to them in the next, less what they
// have used of that.
func TestReserveForWhatOthersUsed(t *testing.T) {
	const policy = `"default";q=30;w=300`
	for seen, want := range map[string]int{`r=28`: 13, `r=24`: 13, `r=18`: 8} { // 15 are kept, then 11, then 10
		synctest.Test(t, func(t *testing.T) {
			client := telling(20, told{limit: `"default";r=14;t=30`, policy: policy},
				told{limit: `"default";r=29;t=300`, policy: policy}, told{limit: `"default";` + seen + `;t=300`, policy: policy})
			listOnly(t, client) // and 15 by others
			time.Sleep(time.Minute)
			listOnly(t, client)
			listOnly(t, client)
			if n, _ := room(t, client); n != want {
				t.Errorf("%s: room for %d requests, want %d", seen, n, want)
			}
		})
	}
}
