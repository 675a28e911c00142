package cfapi_test

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
)

// endless answers with captures for as long as anyone reads them.
func endless(left chan<- struct{}) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, `{"success":true,"result_info":{"page":1,"per_page":1,"total_count":9},"result":[{}`)
		for err == nil {
			_, err = io.WriteString(w, `,{"status":"running"}`)
		}
		left <- struct{}{}
	})
}

// The bubble fails the test if a goroutine is left behind.
func TestConsumerStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := make(chan struct{}, 10)
		client := servePipedHandler(t, endless(left))
		var j journal
		client.Done = j.done
		n := 0
		for _, err := range client.Captures(t.Context(), accountID, nil) {
			if err != nil {
				t.Errorf("error after stopping: %v", err)
			}
			if n++; n == 3 {
				break
			}
		}
		<-left
		if len(j.requests) != 1 {
			t.Fatalf("%d requests, want 1", len(j.requests))
		}
		if r := j.requests[0]; r.Err != nil || r.StatusCode != http.StatusOK {
			t.Errorf("the request that was enough counts as failed: %+v", r)
		}
	})
}

func TestConsumerStopsAtError(t *testing.T) {
	api, client := serve(t)
	api.Account(accountID).Answer([]byte(`{"success":true,"result":[{"id":"a"},`))
	n := 0
	for _, err := range client.Captures(t.Context(), accountID, nil) {
		n++
		if err != nil {
			break
		}
	}
	if n != 2 {
		t.Errorf("%d elements, want a capture and an error", n)
	}
}

// A sequence may be ranged over again: it then lists again.
func TestSequenceIsReusable(t *testing.T) {
	api, client := serve(t)
	api.Account(accountID).Answer([]byte(`{"success":true,"result":[{"id":"a"},{"id":"b"}]}`))
	seq := client.Captures(t.Context(), accountID, nil)
	for range 2 {
		n := 0
		for _, err := range seq {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 2 {
			t.Errorf("%d captures, want 2", n)
		}
	}
	wantRequests(t, api, 2)
}
