package simulation

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// A Bucket is a bucket with an ownership challenge.
type Bucket struct {
	Destination string    // destination_conf
	Status      string    // "success", "failed", or "pending" if ""
	Submitted   time.Time // absent if zero
	Validated   time.Time // "" if zero
}

// SetBuckets replaces the account's buckets. A new account has no buckets.
func (acc *Account) SetBuckets(buckets ...Bucket) {
	acc.api.mu.Lock()
	defer acc.api.mu.Unlock()
	acc.buckets = slices.Clone(buckets)
}

// bucketView is the JSON of a bucket. Its keys are from the API reference.
type bucketView struct {
	ID              string `json:"id"`
	DestinationConf string `json:"destination_conf"`
	Filename        string `json:"filename"`
	Status          string `json:"status"`
	Submitted       string `json:"submitted,omitempty"`
	Validated       string `json:"validated"`
}

func (acc *Account) listBuckets() response {
	views := make([]bucketView, 0, len(acc.buckets))
	for i, b := range acc.buckets {
		id := fmt.Sprintf("%032x", i+1)
		views = append(views, bucketView{
			ID: id, DestinationConf: b.Destination, Filename: "ownership-challenge-" + id[24:] + ".txt",
			Status: cmp.Or(b.Status, "pending"), Submitted: formatAny(b.Submitted), Validated: formatAny(b.Validated),
		})
	}
	return jsonResponse(http.StatusOK, encode(envelope{Result: views, Success: true}))
}

// formatAny formats a time, or returns "" if it is zero.
func formatAny(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return formatTime(t)
}
