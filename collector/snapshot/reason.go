package snapshot

import "strings"

// The reasons that an error message can give for a failure.
const (
	noPacketsMatched = "no_packets_matched"
	bucketError      = "bucket"
)

// Reasons returns every reason.
func Reasons() []string { return []string{noPacketsMatched, bucketError, Other} }

// reasonOf classifies the error message of a capture. Only "no packets matched" is
// documented. The page "Collect PCAPs" says to verify the bucket after other
// failures.
func reasonOf(message string) string {
	message = strings.ToLower(message)
	if strings.Contains(message, "no packets matched") {
		return noPacketsMatched
	}
	for _, word := range []string{"bucket", "ownership", "destination", "upload", "://"} {
		if strings.Contains(message, word) {
			return bucketError
		}
	}
	return Other
}
