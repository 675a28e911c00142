package ratelimit

import (
	"testing"
	"testing/synctest"
	"time"
)

// refuse sends a request for the account which the API refuses, and reports whether it was
// sent.
func refuse(l *Limiter, account string, secret uint64) bool {
	res, err := l.Reserve(Request{Account: account, Secret: secret})
	if err != nil {
		return false
	}
	res.Refused()
	res.Done(true)
	return true
}

func accept(t *testing.T, l *Limiter, account string) {
	t.Helper()
	res := reserve(t, l, Request{Account: account, Secret: 1})
	res.Accepted()
	res.Done(true)
}

// From the third refusal in a row on, requests pause, from 1 to 10 minutes.
func TestRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		start := time.Now()
		var sent []time.Duration
		for time.Since(start) < time.Hour {
			if refuse(l, "a", 1) {
				sent = append(sent, time.Since(start))
			} else if _, err := l.Reserve(Request{Account: "a", Secret: 1}); !heldUntil(err).Equal(l.Status().HoldOffUntil) {
				t.Errorf("held off until %v, but the status is %v", heldUntil(err), l.Status().HoldOffUntil)
			}
			time.Sleep(15 * time.Second)
		}
		want := []time.Duration{0, 15, 30, 90, 210, 450, 930, 1530, 2130, 2730, 3330}
		for i := range max(len(want), len(sent)) {
			if i >= len(want) || i >= len(sent) || sent[i] != want[i]*time.Second {
				t.Fatalf("sent after %v, want %v seconds", sent, want)
			}
		}
	})
}

func TestRefusalsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		for range 10 {
			refuse(l, "a", 1)
		}
		if refuse(l, "a", 1) || refuse(l, "b", 1) {
			t.Error("a refused credential was sent")
		}
		if !refuse(l, "a", 2) {
			t.Error("a new secret was not sent")
		}
		if held := l.Status().HoldOffUntil; !held.IsZero() {
			t.Errorf("with a new secret, held off until %v", held)
		}
	})
}

// A token that the API accepts for one account may lack the permission for others.
func TestRefusalsOfOneAccount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		accept(t, l, "good")
		for range 10 {
			refuse(l, "bad", 1)
		}
		accept(t, l, "good")
		if refuse(l, "bad", 1) {
			t.Error("a credential was sent for the account that it is refused for")
		}
		if held := l.Status().HoldOffUntil; !held.IsZero() {
			t.Errorf("held off until %v, although an account can be listed", held)
		}
		time.Sleep(time.Minute)
		accept(t, l, "bad")
		accept(t, l, "bad")
	})
}

// Requests in flight when a pause starts do not prolong it.
func TestRefusalsInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := new(Limiter)
		var inFlight []*Reservation
		for range 16 {
			inFlight = append(inFlight, reserve(t, l, Request{Account: "a", Secret: 1}))
		}
		for _, res := range inFlight {
			res.Refused()
			res.Done(true)
		}
		if held := time.Until(l.Status().HoldOffUntil); held != time.Minute {
			t.Errorf("held off for %v, want a minute", held)
		}
	})
}
