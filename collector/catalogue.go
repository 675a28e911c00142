package collector

import (
	"slices"

	"github.com/prometheus/client_golang/prometheus"
)

const namespace = "cloudflare_pcap"

// Metric describes one metric.
type Metric struct {
	Name   string // without the namespace "cloudflare_pcap"
	Type   string // gauge, counter or histogram
	Help   string
	Labels []string
}

// Indexes of the catalogue. The metrics of one collector are adjacent.
const (
	listedCaptures = iota
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
	failedTotal
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
	listedCaptures:   {"captures", gauge, "Number of captures.", byStatus},
	packetsCaptured:  {"packets_captured", gauge, "Sum of packets captured, over captures that report a packet count.", byStatus},
	captureErrors:    {"capture_errors", gauge, "Number of captures with an error message, by error kind.", append(byGroup, "reason")},
	stopRequested:    {"stop_requested_captures", gauge, "Number of captures for which a stop was requested.", byStatus},
	newestSubmitted:  {"newest_submitted_timestamp_seconds", gauge, "Submission time of the most recent capture, in seconds since the Unix epoch.", byStatus},
	earliestDue:      {"earliest_due_timestamp_seconds", gauge, "Earliest time at which an unfinished capture reaches its time limit, in seconds since the Unix epoch.", byStatus},
	unrecognized:     {"unrecognized_captures", gauge, "Number of captures with an undocumented value, by field.", append(byAccount, "field")},
	listLimitReached: {"list_limit_reached", gauge, "Whether the list may be truncated: 50 or more captures on one page, or fewer captures than total_count.", byAccount},

	up:                {"up", gauge, "Whether the last list request succeeded.", byAccount},
	scrapeDuration:    {"scrape_duration_seconds", gauge, "Duration of listing the captures, in seconds.", byAccount},
	lastSuccess:       {"last_success_timestamp_seconds", gauge, "Time of the last successful list request, in seconds since the Unix epoch.", byAccount},
	snapshotTimestamp: {"snapshot_timestamp_seconds", gauge, "Time at which the exported list was fetched, in seconds since the Unix epoch.", byAccount},
	accountInfo:       {"account_info", gauge, "Configured name of the account.", append(byAccount, "name")},
	scrapeErrors:      {"scrape_errors_total", counter, "Total number of failed list requests, by reason.", append(byAccount, "reason")},

	submittedTotal:  {"captures_submitted_total", counter, "Total number of captures first seen since the exporter started, excluding captures in the first list.", byType},
	finishedTotal:   {"captures_finished_total", counter, "Total number of captures seen to finish, by final status.", append(byType, "status")},
	failedTotal:     {"captures_failed_total", counter, "Total number of captures seen to fail, by kind of the error message; none for failures without a message.", append(byGroup, "reason")},
	captureDuration: {"capture_duration_seconds", histogram, "Time from submission of a capture to the first scrape that saw it finished, in seconds.", append(byAccount, "type")},

	seriesInfo:          {"capture_info", gauge, "Information about a capture.", append(byCapture, "system", "type", "colo", "bucket")},
	seriesStatus:        {"capture_status", gauge, "Current status of a capture.", append(byCapture, "status")},
	seriesSubmitted:     {"capture_submitted_timestamp_seconds", gauge, "Submission time of a capture, in seconds since the Unix epoch.", byCapture},
	seriesTimeLimit:     {"capture_time_limit_seconds", gauge, "Time limit of a capture, in seconds.", byCapture},
	seriesByteLimit:     {"capture_byte_limit_bytes", gauge, "Byte limit of a capture.", byCapture},
	seriesPackets:       {"capture_packets_captured", gauge, "Packets captured by a capture.", byCapture},
	seriesStopRequested: {"capture_stop_requested_timestamp_seconds", gauge, "Time at which the stop of a capture was requested, in seconds since the Unix epoch.", byCapture},
	seriesDropped:       {"capture_series_dropped", gauge, "Number of captures not exported individually because of the series limit or a missing id.", byAccount},

	bucketOwnership: {"bucket_ownership", gauge, "Whether the ownership of a bucket has the given status.", append(byBucket, "status")},
	bucketValidated: {"bucket_validated_timestamp_seconds", gauge, "Time at which bucket ownership was validated, in seconds since the Unix epoch.", byBucket},
	tokenActive:     {"api_token_active", gauge, "Whether the API reports the token as active.", byCredential},
	tokenExpiry:     {"api_token_expiry_timestamp_seconds", gauge, "Time at which the token expires, in seconds since the Unix epoch.", byCredential},

	apiRequests:        {"api_requests_total", counter, "Total number of API requests, by status code; none for requests without a response, other for statuses outside 100 to 599.", []string{"endpoint", "code"}},
	apiDuration:        {"api_request_duration_seconds", histogram, "Duration of API requests until the response was read or failed, in seconds.", []string{"endpoint"}},
	apiFailures:        {"api_request_failures_total", counter, "Total number of failed API requests, by reason.", []string{"endpoint", "reason"}},
	apiRetries:         {"api_retries_total", counter, "Total number of retried API requests.", nil},
	ratelimitRemaining: {"api_ratelimit_remaining", gauge, "Requests remaining in the current window, as last reported by the API.", byPolicy},
	ratelimitQuota:     {"api_ratelimit_quota", gauge, "Requests allowed in each window, as last reported by the API.", byPolicy},
	holdOffUntil:       {"api_holdoff_until_timestamp_seconds", gauge, "Time until which requests are held off because of a rate limit or a refused token, in seconds since the Unix epoch; 0 if never held off.", byCredential},
	withheldTotal:      {"api_requests_withheld_total", counter, "Total number of requests not sent because of the API's rate limit, --cloudflare.rate-limit, fair queueing between accounts, or a refused token.", byCredential},
	coalescedTotal:     {"scrapes_coalesced_total", counter, "Total number of account scrapes that shared the list request of another scrape.", nil},
	reloadSuccessful:   {"exporter_config_last_reload_successful", gauge, "Whether the last configuration reload was successful.", nil},
	reloadSucceeded:    {"exporter_config_last_reload_success_timestamp_seconds", gauge, "Time of the last successful configuration reload, in seconds since the Unix epoch.", nil},
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

// Catalogue returns every metric of this package, in the order of the documentation.
func Catalogue() []Metric { return slices.Clone(catalogue[:]) }

// FullName returns the name with the namespace.
func (m Metric) FullName() string { return prometheus.BuildFQName(namespace, "", m.Name) }

// descs holds the descriptor of each metric.
var descs = func() (descs [len(catalogue)]*prometheus.Desc) {
	for i, m := range catalogue {
		descs[i] = prometheus.NewDesc(m.FullName(), m.Help, m.Labels, nil)
	}
	return descs
}()
