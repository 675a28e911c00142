package cfapi

import (
	"context"
	"fmt"
	"io"
	"time"
)

// EndpointOwnership is the name of the list of buckets in a Request.
const EndpointOwnership = "ownership"

// maxBuckets bounds the memory of a list of buckets.
const maxBuckets = 1000

// A Bucket is a destination of full captures whose ownership was claimed. The
// query of its URI, which can hold keys, is never read. Any field may be absent,
// and then holds its zero value.
type Bucket struct {
	Destination string    // scheme, name and path
	Status      string    // see BucketStatuses; expect others
	Submitted   time.Time // when it was claimed
	Validated   time.Time // when its ownership was proved
}

// BucketStatuses returns every documented status of a bucket.
func BucketStatuses() []string { return []string{"pending", "success", "failed"} }

// Buckets lists the account's buckets: the first 1,000, for it is not known to
// have pages. One that was claimed again may be listed twice.
func (c *Client) Buckets(ctx context.Context, account string) ([]Bucket, error) {
	var buckets []Bucket
	ownership := call{endpoint: EndpointOwnership, path: "/accounts/" + account + "/pcaps/ownership", yields: true}
	err := c.get(ctx, ownership, func(body io.Reader) error {
		d := newDecoder(body)
		_, err := d.envelope(func() error {
			buckets = nil // of a name that occurs twice, the last counts
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
