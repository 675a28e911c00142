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

// bucketCollector exports the buckets of accounts. It is a collector of its own, so
// that captures never wait for buckets.
type bucketCollector struct {
	ctx         context.Context
	accounts    []*accounts.Account
	concurrency int
}

// NewBuckets returns a collector of the buckets of accounts, for one scrape. It
// requests the buckets of at most concurrency accounts at the same time.
func NewBuckets(ctx context.Context, accounts []*accounts.Account, concurrency int) prometheus.Collector {
	return &bucketCollector{ctx, accounts, concurrency}
}

// Describe implements prometheus.Collector.
func (c *bucketCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- descs[bucketOwnership]
	ch <- descs[bucketValidated]
}

// Collect implements prometheus.Collector.
func (c *bucketCollector) Collect(ch chan<- prometheus.Metric) {
	collectAll(c.accounts, c.concurrency, ch, func(a *accounts.Account) []prometheus.Metric {
		buckets, _ := a.Buckets(c.ctx)
		e := emitter{first: a.ID}
		for _, b := range distinctBuckets(buckets) {
			e.bucket(b)
		}
		return e.metrics
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
		distinct[i].Status, _ = statuses.Normalize(distinct[i].Status)
	}
	return distinct
}
