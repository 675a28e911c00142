package captures

import (
	"slices"
	"testing"

	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestFailureReason(t *testing.T) {
	for message, want := range map[string]string{
		simulation.NoPacketsMatched:         noPacketsMatched,
		"NO PACKETS MATCHED in the bucket":  noPacketsMatched,
		simulation.BucketRefused:            bucketError,
		"Ownership challenge failed":        bucketError,
		"The destination cannot be reached": bucketError,
		"upload failed":                     bucketError,
		"s3://pcaps: access denied":         bucketError,
		simulation.CaptureInterrupted:       other,
		"":                                  none,
	} {
		if got := FailureReason(message); got != want || !slices.Contains(FailureReasons, got) {
			t.Errorf("%s: got %s, want %s", message, got, want)
		}
	}
}
