package cfapi

import (
	"context"
	"fmt"
	"io"
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
func (c *Client) Buckets(ctx context.Context, account string) ([]Bucket, error) {
	var buckets []Bucket
	ownership := call{ratelimit.Request{LowPriority: true}, EndpointOwnership, "/accounts/" + account + "/pcaps/ownership"}
	err := c.get(ctx, ownership, func(body io.Reader) error {
		d := newDecoder(body)
		_, err := d.envelope(func() error {
			buckets = nil // the last "result" counts
			return d.array(func() error {
				var b Bucket
				err := d.ownership(&b)
				if len(buckets) < maxBuckets {
					buckets = append(buckets, b)
				}
				return err
			})
		})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing buckets: %w", err)
	}
	return buckets, nil
}

func (d *decoder) ownership(b *Bucket) error {
	return d.lenient('{', func() error {
		return d.object(func(name []byte) error {
			switch string(name) {
			case "destination_conf":
				return d.bucket(&b.Destination)
			case "status":
				return d.label(&b.Status)
			case "submitted":
				return d.time(&b.Submitted)
			case "validated":
				return d.time(&b.Validated)
			}
			return d.SkipValue()
		})
	})
}
