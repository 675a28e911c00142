package collector

import (
	"context"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/collector/accounts"
	"cloudflare_pcap_exporter/collector/captures"
)

// maxBuckets is the maximum number of buckets exported for an account.
const maxBuckets = 200

var bucketStatuses = cfapi.BucketStatuses()

// NewBuckets returns a collector of the buckets of accounts, for one scrape. It requests
// the buckets of at most concurrency accounts at the same time. It is a collector of its
// own, so that captures never wait for buckets.
func NewBuckets(ctx context.Context, all []*accounts.Account, concurrency int) prometheus.Collector {
	return collectAll(all, concurrency, func(ch chan<- prometheus.Metric, a *accounts.Account) {
		e := emitter{to: ch, first: []string{a.ID}}
		for _, b := range distinctBuckets(a.Buckets(ctx)) {
			e.bucket(b)
		}
	})
}

func (e *emitter) bucket(b cfapi.Bucket) {
	for _, status := range bucketStatuses {
		e.add(bucketOwnership, boolToFloat(b.Status == status), b.Destination, status)
	}
	if !slices.Contains(bucketStatuses, b.Status) {
		e.add(bucketOwnership, 1, b.Destination, b.Status)
	}
	e.time(bucketValidated, b.Validated, b.Destination)
}

// distinctBuckets returns buckets with distinct label values. It keeps the bucket that
// was submitted last, because the last claim of a bucket is the one to watch.
func distinctBuckets(listed []cfapi.Bucket) (distinct []cfapi.Bucket) {
	statuses := captures.LabelSet{Documented: bucketStatuses}
	index := make(map[string]int) // by destination
	for _, b := range listed {
		b.Destination = captures.Sanitize(b.Destination)
		i, known := index[b.Destination]
		switch {
		case known && b.Submitted.After(distinct[i].Submitted):
			distinct[i] = b
		case !known && len(distinct) < maxBuckets:
			index[b.Destination] = len(distinct)
			distinct = append(distinct, b)
		}
	}
	for i := range distinct {
		distinct[i].Status = statuses.Normalize(distinct[i].Status)
	}
	return distinct
}
