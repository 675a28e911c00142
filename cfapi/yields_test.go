package cfapi

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Buckets and the token have no turn: while requests are scarce, captures need
// them all.
func TestYields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := asking(100)
		calls := map[string]func() error{
			EndpointOwnership: func() error { _, err := client.Buckets(t.Context(), "a"); return err },
			EndpointVerify:    func() error { _, err := client.Token(t.Context(), "a"); return err },
		}
		asks(t, client, "abcdefghi") // which leaves 91: for ten times as many accounts, and the token
		for name, call := range calls {
			if held := heldOff(call()); held != nil {
				t.Errorf("%s with requests to spare: %v", name, held)
			}
		}
		asks(t, client, "j")
		for name, call := range calls {
			if held := heldOff(call()); held == nil || held.why != causeTurn {
				t.Errorf("%s while accounts are new: %v", name, held)
			}
		}
		time.Sleep(window)
		if got := asks(t, client, strings.Repeat("abcdefghij", 9)); len(got) != 90 {
			t.Fatalf("listed %d", len(got))
		}
		for name, call := range calls {
			if held := heldOff(call()); held != nil {
				t.Errorf("%s when none is new: %v", name, held)
			}
		}
		asks(t, client, "abcd")
		for name, call := range calls {
			if held := heldOff(call()); held == nil {
				t.Errorf("%s: the last requests should be for the accounts", name)
			}
		}
		if got := asks(t, client, "efgh"); got != "efgh" {
			t.Errorf("listed %q, want what is left: efgh", got)
		}
	})
}

// Accounts that need most of the requests leave some that nobody else wants.
// Buckets get these, and take none that an account needs.
func TestYieldsToAFew(t *testing.T) {
	for _, test := range []struct{ accounts, seconds int }{{400, 300}, {600, 300}, {900, 300}, {900, 310}, {180, 60}} {
		t.Run(fmt.Sprint(test), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, buckets := asking(1000), 0
				ids := make([]string, test.accounts)
				for i := range ids {
					ids[i] = fmt.Sprint("a", i)
				}
				for range 3600 / test.seconds {
					start := time.Now()
					for _, id := range ids {
						for _, err := range client.Captures(t.Context(), id, nil) {
							if err != nil {
								t.Fatal(err)
							}
						}
						if _, err := client.Buckets(t.Context(), id); heldOff(err) == nil {
							buckets++
						}
						time.Sleep(time.Millisecond)
					}
					if _, err := client.Buckets(t.Context(), ids[0]); heldOff(err) == nil {
						buckets++
					}
					time.Sleep(time.Duration(test.seconds)*time.Second - time.Since(start))
				}
				if buckets < 100 {
					t.Errorf("%d calls for buckets in an hour", buckets)
				}
			})
		})
	}
}

func heldOff(err error) *HoldOffError {
	held, _ := errors.AsType[*HoldOffError](err)
	return held
}
