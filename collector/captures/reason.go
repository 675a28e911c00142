package captures

import "strings"

// The kinds of error messages; none stands for a failure without a message.
const (
	noPacketsMatched = "no_packets_matched"
	bucketError      = "bucket"
	none             = "none"
)

// FailureReasons are all values of FailureReason.
var FailureReasons = []string{noPacketsMatched, bucketError, other, none}

// FailureReason classifies the error message of a capture. Only "no packets matched" is
// documented. Cloudflare's page "Collect PCAPs" recommends verifying the bucket after
// other failures.
func FailureReason(message string) string {
	if message == "" {
		return none
	}
	message = strings.ToLower(message)
	if strings.Contains(message, "no packets matched") {
		return noPacketsMatched
	}
	for _, word := range []string{"bucket", "ownership", "destination", "upload", "://"} {
		if strings.Contains(message, word) {
			return bucketError
		}
	}
	return other
}
