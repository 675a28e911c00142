package cfapi

import (
	"context"
	"fmt"
	"time"

	"cloudflare_pcap_exporter/cfapi/ratelimit"
)

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

// bucket is a Bucket as the API returns it.
type bucket struct {
	Destination text      `json:"destination_conf"`
	Status      text      `json:"status"`
	Submitted   timestamp `json:"submitted"`
	Validated   timestamp `json:"validated"`
}

func (b bucket) public() Bucket {
	return Bucket{b.Destination.uri(), b.Status.clip(), b.Submitted.Time, b.Validated.Time}
}

// Buckets returns the buckets of the account. A bucket that was claimed twice may occur
// twice. The list has no documented pages.
func (c *Client) Buckets(ctx context.Context, account string) ([]Bucket, error) {
	var got response[list[bucket, Bucket]]
	if err := c.get(ctx, "/accounts/"+account+"/pcaps/ownership", ratelimit.Request{LowPriority: true}, got.decode); err != nil {
		return nil, fmt.Errorf("listing buckets: %w", err)
	}
	return got.Result, nil
}
