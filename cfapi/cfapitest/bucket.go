package cfapitest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// A Bucket is one whose ownership has been claimed.
type Bucket struct {
	Destination string    // destination_conf
	Status      string    // "pending", also if "", "success" or "failed"
	Submitted   time.Time // not shown if zero
	Validated   time.Time // shown as "" if zero
}

// SetBuckets replaces the account's buckets, of which there are none at first.
func (acc *Account) SetBuckets(buckets ...Bucket) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.buckets = slices.Clone(buckets)
}

// bucketView is a bucket as the API shows it. Its keys are those of the API
// reference.
type bucketView struct {
	ID              string `json:"id"`
	DestinationConf string `json:"destination_conf"`
	Filename        string `json:"filename"`
	Status          string `json:"status"`
	Submitted       string `json:"submitted,omitempty"`
	Validated       string `json:"validated"`
}

func (acc *Account) listBuckets() answer {
	views := make([]bucketView, 0, len(acc.buckets))
	for i, b := range acc.buckets {
		id := fmt.Sprintf("%032x", i+1)
		views = append(views, bucketView{
			ID: id, DestinationConf: b.Destination, Filename: "ownership-challenge-" + id[24:] + ".txt",
			Status: cmp.Or(b.Status, "pending"), Submitted: formatAny(b.Submitted), Validated: formatAny(b.Validated),
		})
	}
	return jsonAnswer(http.StatusOK, encode(envelope{Result: views, Success: true}))
}

// formatAny writes a time, if there is one.
func formatAny(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return formatTime(t)
}
