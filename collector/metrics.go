package collector

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

const namespace = "cloudflare_pcap"

// Metric is one row of the catalogue.
type Metric struct {
	Name   string // without the namespace
	Type   string // gauge, counter or histogram
	Help   string
	Labels []string
}

// The metrics of this package, by their places in the catalogue. A collector
// describes a run of them, from its first to its last.
const (
	captures = iota
	packetsCaptured
	captureErrors
	stopRequested
	newestSubmitted
	earliestDue
	unrecognized
	listLimitReached

	up
	scrapeDuration
	lastSuccess
	snapshotTimestamp
	accountInfo
	scrapeErrors

	submittedTotal
	finishedTotal
	captureDuration

	seriesInfo
	seriesStatus
	seriesSubmitted
	seriesTimeLimit
	seriesByteLimit
	seriesPackets
	seriesStopRequested
	seriesDropped

	bucketOwnership
	bucketValidated
	tokenActive
	tokenExpiry

	apiRequests
	apiDuration
	apiFailures
	apiRetries
	ratelimitRemaining
	ratelimitQuota
	holdOffUntil
	withheldTotal
	coalescedTotal
	reloadSuccessful
	reloadSucceeded
)

const (
	gauge     = "gauge"
	counter   = "counter"
	histogram = "histogram"
)

var catalogue = [...]Metric{
	captures:         {"captures", gauge, "Captures listed.", byStatus},
	packetsCaptured:  {"packets_captured", gauge, "Packets captured, summed over the captures listed that name a number.", byStatus},
	captureErrors:    {"capture_errors", gauge, "Captures listed that carry an error message, by its kind.", with(byGroup, "reason")},
	stopRequested:    {"stop_requested_captures", gauge, "Captures listed whose stop was requested.", byStatus},
	newestSubmitted:  {"newest_submitted_timestamp_seconds", gauge, "When the newest of the captures listed was submitted.", byStatus},
	earliestDue:      {"earliest_due_timestamp_seconds", gauge, "When the first of the unfinished captures listed reaches its time limit.", byStatus},
	unrecognized:     {"unrecognized_captures", gauge, "Captures listed with a value that the API does not document, by field.", with(byAccount, "field")},
	listLimitReached: {"list_limit_reached", gauge, "1 if the list may be short: 50 or more captures on a single page, or fewer than the API counts.", byAccount},

	up:                {"up", gauge, "1 if the captures were listed.", byAccount},
	scrapeDuration:    {"scrape_duration_seconds", gauge, "How long listing the captures took.", byAccount},
	lastSuccess:       {"last_success_timestamp_seconds", gauge, "When the captures were last listed.", byAccount},
	snapshotTimestamp: {"snapshot_timestamp_seconds", gauge, "When the list shown was fetched.", byAccount},
	accountInfo:       {"account_info", gauge, "The configured name of the account.", with(byAccount, "name")},
	scrapeErrors:      {"scrape_errors_total", counter, "Listings that failed, by reason.", with(byAccount, "reason")},

	submittedTotal:  {"captures_submitted_total", counter, "Captures seen for the first time, those of the first list left out.", byType},
	finishedTotal:   {"captures_finished_total", counter, "Captures seen to end.", with(byType, "status")},
	captureDuration: {"capture_duration_seconds", histogram, "From a capture's submission to the scrape that first saw its end.", with(byAccount, "type")},

	seriesInfo:          {"capture_info", gauge, "A single capture.", with(byCapture, "system", "type", "colo", "bucket")},
	seriesStatus:        {"capture_status", gauge, "The present status of a single capture.", with(byCapture, "status")},
	seriesSubmitted:     {"capture_submitted_timestamp_seconds", gauge, "When a single capture was submitted.", byCapture},
	seriesTimeLimit:     {"capture_time_limit_seconds", gauge, "How long a single capture may run.", byCapture},
	seriesByteLimit:     {"capture_byte_limit_bytes", gauge, "How many bytes a single capture may hold.", byCapture},
	seriesPackets:       {"capture_packets_captured", gauge, "Packets of a single capture.", byCapture},
	seriesStopRequested: {"capture_stop_requested_timestamp_seconds", gauge, "When the stop of a single capture was requested.", byCapture},
	seriesDropped:       {"capture_series_dropped", gauge, "Captures without a series of their own, since there are too many or they have no id.", byAccount},

	bucketOwnership: {"bucket_ownership", gauge, "1 for the present status of a bucket's ownership, 0 for the others.", with(byBucket, "status")},
	bucketValidated: {"bucket_validated_timestamp_seconds", gauge, "When the ownership of a bucket was proved.", byBucket},
	tokenActive:     {"api_token_active", gauge, "1 if the API calls the token active, 0 if it calls it anything else.", byCredential},
	tokenExpiry:     {"api_token_expiry_timestamp_seconds", gauge, "When the token expires.", byCredential},

	apiRequests:        {"api_requests_total", counter, "Requests sent to the API, by the status of the answer; none if there was no answer.", []string{"endpoint", "code"}},
	apiDuration:        {"api_request_duration_seconds", histogram, "From sending a request to the end of its answer, or its failure.", []string{"endpoint"}},
	apiFailures:        {"api_request_failures_total", counter, "Requests to the API that failed, by reason.", []string{"endpoint", "reason"}},
	apiRetries:         {"api_retries_total", counter, "Requests sent again after a failure.", nil},
	ratelimitRemaining: {"api_ratelimit_remaining", gauge, "Requests that the API has left for the credential in the present window, as it last said.", byPolicy},
	ratelimitQuota:     {"api_ratelimit_quota", gauge, "Requests that the API allows the credential in each window.", byPolicy},
	holdOffUntil:       {"api_holdoff_until_timestamp_seconds", gauge, "No request is sent before this time, for a limit of the API or our own; 0 if there was no reason yet.", byCredential},
	withheldTotal:      {"api_requests_withheld_total", counter, "Requests not sent, for a limit of the API or our own, or since it was the turn of another account.", byCredential},
	coalescedTotal:     {"scrapes_coalesced_total", counter, "Scrapes of an account that shared the listing of another scrape.", nil},
	reloadSuccessful:   {"exporter_config_last_reload_successful", gauge, "1 if the configuration was valid when it was last loaded.", nil},
	reloadSucceeded:    {"exporter_config_last_reload_success_timestamp_seconds", gauge, "When a valid configuration was last loaded.", nil},
}

var (
	byAccount    = []string{"account"}
	byGroup      = []string{"account", "system", "type", "colo"}
	byStatus     = []string{"account", "system", "type", "colo", "status"}
	byType       = []string{"account", "system", "type"}
	byCapture    = []string{"account", "id"}
	byBucket     = []string{"account", "bucket"}
	byCredential = []string{"credential"}
	byPolicy     = []string{"credential", "policy"}
)

func with(labels []string, more ...string) []string { return slices.Concat(labels, more) }

// Catalogue returns every metric of this package, in the order of the
// documentation.
func Catalogue() []Metric { return slices.Clone(catalogue[:]) }

// FullName is the name as it is exposed.
func (m Metric) FullName() string { return prometheus.BuildFQName(namespace, "", m.Name) }

// descs are the descriptors of the catalogue, in its order.
var descs = func() (descs [len(catalogue)]*prometheus.Desc) {
	for i, m := range catalogue {
		descs[i] = prometheus.NewDesc(m.FullName(), m.Help, m.Labels, nil)
	}
	return descs
}()
