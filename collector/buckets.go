package collector

import (
	"context"
	"slices"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"cloudflare_pcap_exporter/cfapi"
)

const (
	bucketsEvery = 5 * time.Minute
	maxBuckets   = 200 // of an account
)

var documentedBucketStatuses = cfapi.BucketStatuses()

// buckets are those of one account. They know nothing of its captures, and fail
// without them.
type buckets struct {
	account string
	poll    *poll[[]cfapi.Bucket]
}

// newBuckets returns the buckets of the account; timeout is that of a call,
// whoever waits for it.
func newBuckets(account string, timeout time.Duration, logger log.Logger) *buckets {
	logger = log.With(logger, "account", account)
	return &buckets{account, newPoll[[]cfapi.Bucket]("listing buckets", bucketsEvery, timeout, logger)}
}

// metrics are none after a failure. The API is that of the present credential,
// which may change while the buckets are known.
func (b *buckets) metrics(ctx context.Context, api *cfapi.Client) []prometheus.Metric {
	shown, _ := b.poll.get(ctx, func(ctx context.Context) ([]cfapi.Bucket, error) {
		listed, err := api.Buckets(ctx, b.account)
		return distinctBuckets(listed), err
	})
	e := emitter{account: b.account}
	for _, bucket := range shown {
		for _, status := range documentedBucketStatuses {
			e.add(bucketOwnership, flag(bucket.Status == status), bucket.Destination, status)
		}
		if !slices.Contains(documentedBucketStatuses, bucket.Status) {
			e.add(bucketOwnership, 1, bucket.Destination, bucket.Status)
		}
		e.time(bucketValidated, bucket.Validated, bucket.Destination)
	}
	return e.metrics
}

// distinctBuckets makes labels of the API's words. Of buckets that are shown
// alike it keeps the one claimed last: whoever claims a bucket anew wants to
// know of that. Of those claimed at the same time it keeps the first.
func distinctBuckets(listed []cfapi.Bucket) []cfapi.Bucket {
	statuses := vocabulary{documented: documentedBucketStatuses}
	var shown []cfapi.Bucket
	places := make(map[string]int)
	for _, b := range listed {
		b.Destination = clean(b.Destination)
		i, known := places[b.Destination]
		switch {
		case known && b.Submitted.After(shown[i].Submitted):
			shown[i] = b
		case !known && len(shown) < maxBuckets:
			places[b.Destination] = len(shown)
			shown = append(shown, b)
		}
	}
	for i := range shown {
		shown[i].Status, _ = statuses.fold(shown[i].Status)
	}
	return shown
}

// bucketsCollector shows the buckets of accounts for one scrape. It is a
// collector of its own so that captures never wait for buckets.
type bucketsCollector struct {
	ctx         context.Context
	accounts    []*account
	concurrency int
}

// Describe implements prometheus.Collector.
func (c *bucketsCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- descs[bucketOwnership]
	ch <- descs[bucketValidated]
}

// Collect implements prometheus.Collector.
func (c *bucketsCollector) Collect(ch chan<- prometheus.Metric) {
	each(c.accounts, c.concurrency, ch, func(a *account) []prometheus.Metric {
		return a.buckets.metrics(c.ctx, a.credential.Client)
	})
}
