package cfapi

import (
	"context"
	"fmt"
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

// EndpointOwnership is the Request.Endpoint of Client.Buckets.
const EndpointOwnership = "ownership"

// maxBuckets bounds the memory of a list of buckets.
const maxBuckets = 1000

// A Bucket is a destination of full captures with an ownership challenge. The
// query of its URI, which can contain keys, is dropped. A field that the API leaves
// out has its zero value.
type Bucket struct {
	Destination string    // scheme, name and path
	Status      string    // one of BucketStatuses, or an undocumented one
	Submitted   time.Time // when the challenge was requested
	Validated   time.Time // when the ownership was validated
}

// BucketStatuses returns every documented status of a bucket.
func BucketStatuses() []string { return []string{"pending", "success", "failed"} }

// Buckets returns the buckets of the account, 1,000 at most. A bucket that was
// claimed twice may occur twice. The list has no documented pages.
func (c *Client) Buckets(ctx context.Context, account string) (buckets []Bucket, err error) {
	ownership := call{ratelimit.Request{LowPriority: true}, EndpointOwnership, "/accounts/" + account + "/pcaps/ownership"}
	got, err := get[list[struct {
		Destination text      `json:"destination_conf"`
		Status      text      `json:"status"`
		Submitted   timestamp `json:"submitted"`
		Validated   timestamp `json:"validated"`
	}]](ctx, c, ownership)
	if err != nil {
		return nil, fmt.Errorf("listing buckets: %w", err)
	}
	for _, b := range got.Result[:min(len(got.Result), maxBuckets)] {
		buckets = append(buckets, Bucket{b.Destination.uri(), b.Status.clip(), b.Submitted.Time, b.Validated.Time})
	}
	return buckets, nil
}
