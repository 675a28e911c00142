package collector

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const namespace = "cloudflare_pcap"

// A Metric is a metric of this package.
type Metric struct {
	Name   string
	Type   string // gauge, counter or histogram
	Help   string
	Labels []string // sorted by name, as the registry requires

	desc *prometheus.Desc
}

const (
	gauge     = "gauge"
	counter   = "counter"
	histogram = "histogram"
)

var (
	byAccount    = []string{"account"}
	byStatus     = []string{"account", "colo", "status", "system", "type"}
	byReason     = []string{"account", "colo", "reason", "system", "type"}
	byType       = []string{"account", "system", "type"}
	byCapture    = []string{"account", "capture_id"}
	byCredential = []string{"credential"}
	byPolicy     = []string{"credential", "policy"}
)

// The metrics, in the order of the documentation.
var (
	listedCaptures   = newGauge("captures", "Number of listed captures (the newest 50 of the account), by API field status.", byStatus...)
	packetsCaptured  = newGauge("packets_captured", "Packets captured by listed captures (the newest 50 of the account), summed over those that report a number (API field packets_captured).", byStatus...)
	captureErrors    = newGauge("capture_errors", "Number of listed captures (the newest 50 of the account) that failed or have an error message, by the kind of the message (API field error_message); none for failures without a message.", byReason...)
	stopRequested    = newGauge("stop_requested_captures", "Number of listed captures (the newest 50 of the account) whose stop was requested (API field stop_requested).", byStatus...)
	newestSubmitted  = newGauge("newest_submitted_timestamp_seconds", "Submission time (API field submitted) of the newest of the listed captures (the newest 50 of the account), in seconds since the Unix epoch.", byStatus...)
	earliestDue      = newGauge("earliest_due_timestamp_seconds", "Earliest time at which an unfinished one of the listed captures (the newest 50 of the account) reaches its time limit (API fields submitted and time_limit), in seconds since the Unix epoch.", byStatus...)
	unrecognized     = newGauge("unrecognized_captures", "Number of listed captures (the newest 50 of the account) with an undocumented value or an unreadable time, by API field.", append(byAccount, "field")...)
	listLimitReached = newGauge("list_limit_reached", "Whether the list may be truncated: 50 or more captures on one page, or fewer than result_info.total_count.", byAccount...)

	up             = newGauge("up", "Whether the last list request succeeded.", byAccount...)
	scrapeDuration = newGauge("scrape_duration_seconds", "Duration of listing the captures, in seconds.", byAccount...)
	lastSuccess    = newGauge("last_success_timestamp_seconds", "Time of the last successful list request, in seconds since the Unix epoch.", byAccount...)
	accountInfo    = newGauge("account_info", "Configured name of the account.", append(byAccount, "account_name")...)
	scrapeErrors   = newCounter("scrape_errors_total", "Total number of failed attempts to list the captures of an account, after retries. For the reasons credentials and rate_limited, possibly no request was sent.", append(byAccount, "reason")...)

	discoveryUp       = newGauge("discovery_up", "Whether the last lookup of accounts succeeded; 0 before the first.")
	discoveryAccounts = newGauge("discovery_accounts", "Number of accounts found by the last successful lookup, without excluded accounts.")
	discoverySuccess  = newGauge("discovery_last_success_timestamp_seconds", "Time of the last successful lookup of accounts, in seconds since the Unix epoch.")
	discoveryErrors   = newCounter("discovery_errors_total", "Total number of failed lookups of accounts, by reason.", "reason")

	submittedTotal  = newCounter("captures_submitted_total", "Total number of captures first seen since the exporter started, excluding captures in the first list.", byType...)
	finishedTotal   = newCounter("captures_finished_total", "Total number of captures seen to finish since the exporter started, by final status.", byStatus...)
	failedTotal     = newCounter("captures_failed_total", "Total number of captures seen to fail since the exporter started, by the kind of the message (API field error_message); none for failures without a message.", byReason...)
	captureDuration = newHistogram("capture_duration_seconds", "Time from the submission of a capture to the first list that shows it finished, in seconds. Only for captures that were listed unfinished before.", append(byAccount, "type")...)

	seriesInfo          = newGauge("capture_info", "Information about a listed capture.", "account", "bucket", "capture_id", "colo", "system", "type")
	seriesStatus        = newGauge("capture_status", "Current status of a listed capture (API field status).", append(byCapture, "status")...)
	seriesFailure       = newGauge("capture_failure", "Kind of the error message (API field error_message) of a listed capture that failed; none without a message.", append(byCapture, "reason")...)
	seriesSubmitted     = newGauge("capture_submitted_timestamp_seconds", "Submission time of a listed capture (API field submitted), in seconds since the Unix epoch.", byCapture...)
	seriesTimeLimit     = newGauge("capture_time_limit_seconds", "Time limit of a listed capture (API field time_limit), in seconds.", byCapture...)
	seriesSizeLimit     = newGauge("capture_size_limit_bytes", "Size limit of a listed capture (API field byte_limit), in bytes.", byCapture...)
	seriesPacketLimit   = newGauge("capture_packet_limit", "Packet limit of a listed capture (API field packet_limit).", byCapture...)
	seriesPackets       = newGauge("capture_packets_captured", "Number of packets captured by a listed capture (API field packets_captured).", byCapture...)
	seriesStopRequested = newGauge("capture_stop_requested_timestamp_seconds", "Time at which the stop of a listed capture was requested (API field stop_requested), in seconds since the Unix epoch.", byCapture...)
	seriesDropped       = newGauge("capture_series_dropped", "Number of listed captures without series of their own, because of the limit of 200 or a missing id.", byAccount...)

	bucketOwnership = newGauge("bucket_ownership", "Whether the ownership of a bucket has the given status (API field status), cached for 5 minutes.", "account", "bucket", "status")
	bucketValidated = newGauge("bucket_validated_timestamp_seconds", "Time at which bucket ownership was validated (API field validated), in seconds since the Unix epoch, cached for 5 minutes.", "account", "bucket")
	tokenActive     = newGauge("api_token_active", "Whether the API reports the token as active (API field status), cached for an hour.", byCredential...)
	tokenExpiry     = newGauge("api_token_expiry_timestamp_seconds", "Time at which the token expires (API field expires_on), in seconds since the Unix epoch, cached for an hour.", byCredential...)

	apiRequests        = newCounter("api_requests_total", "Total number of API requests, by status code; none for requests without a response, other for statuses outside 100 to 599.", "endpoint", "code")
	apiDuration        = newHistogram("api_request_duration_seconds", "Duration of API requests until the response was read or failed, in seconds.", "endpoint")
	apiFailures        = newCounter("api_request_failures_total", "Total number of failed API requests, by reason.", "endpoint", "reason")
	apiRetries         = newCounter("api_retries_total", "Total number of retried API requests.")
	ratelimitRemaining = newGauge("api_ratelimit_remaining", "Requests remaining in the current window, as last reported by the API.", byPolicy...)
	ratelimitQuota     = newGauge("api_ratelimit_quota", "Requests allowed in each window, as last reported by the API.", byPolicy...)
	holdOffUntil       = newGauge("api_holdoff_until_timestamp_seconds", "Time until which requests are held off because of a rate limit or a refused token, in seconds since the Unix epoch; 0 if never held off.", byCredential...)
	throttledTotal     = newCounter("api_requests_throttled_total", "Total number of requests not sent, by what held them back.", append(byCredential, "reason")...)
	reloadSuccessful   = newGauge("exporter_config_last_reload_successful", "Whether the last configuration reload was successful.")
	reloadSucceeded    = newGauge("exporter_config_last_reload_success_timestamp_seconds", "Time of the last successful configuration reload, in seconds since the Unix epoch.")
)

// Catalogue returns every metric of this package, in the order of the documentation.
func Catalogue() []*Metric {
	return []*Metric{
		listedCaptures, packetsCaptured, captureErrors, stopRequested, newestSubmitted, earliestDue, unrecognized, listLimitReached,
		up, scrapeDuration, lastSuccess, accountInfo, scrapeErrors,
		discoveryUp, discoveryAccounts, discoverySuccess, discoveryErrors,
		submittedTotal, finishedTotal, failedTotal, captureDuration,
		seriesInfo, seriesStatus, seriesFailure, seriesSubmitted, seriesTimeLimit, seriesSizeLimit, seriesPacketLimit, seriesPackets, seriesStopRequested, seriesDropped,
		bucketOwnership, bucketValidated, tokenActive, tokenExpiry,
		apiRequests, apiDuration, apiFailures, apiRetries, ratelimitRemaining, ratelimitQuota, holdOffUntil, throttledTotal, reloadSuccessful, reloadSucceeded,
	}
}

func newGauge(name, help string, labels ...string) *Metric {
	return newMetric(gauge, name, help, labels)
}

func newCounter(name, help string, labels ...string) *Metric {
	return newMetric(counter, name, help, labels)
}

func newHistogram(name, help string, labels ...string) *Metric {
	return newMetric(histogram, name, help, labels)
}

func newMetric(typ, name, help string, labels []string) *Metric {
	name = prometheus.BuildFQName(namespace, "", name)
	return &Metric{name, typ, help, labels, prometheus.NewDesc(name, help, nil, nil)}
}

func (m *Metric) opts() prometheus.Opts { return prometheus.Opts{Name: m.Name, Help: m.Help} }

// histogramOpts returns the options of a histogram that is classic and native.
func (m *Metric) histogramOpts(buckets ...float64) prometheus.HistogramOpts {
	return prometheus.HistogramOpts{
		Name:                            m.Name,
		Help:                            m.Help,
		Buckets:                         buckets,
		NativeHistogramBucketFactor:     1.1,
		NativeHistogramMaxBucketNumber:  100,
		NativeHistogramMinResetDuration: time.Hour,
	}
}
