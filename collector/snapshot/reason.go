package snapshot

import "strings"

// None is the reason of a failure without an error message.
const None = "none"

// The reasons that an error message can give for a failure.
const (
	noPacketsMatched = "no_packets_matched"
	bucketError      = "bucket"
)

// Reasons returns every reason but None.
func Reasons() []string { return []string{noPacketsMatched, bucketError, Other} }

// ReasonOf classifies the error message of a capture. Only "no packets matched" is
// documented. The page "Collect PCAPs" recommends to verify the bucket after
// other failures.
func ReasonOf(message string) string {
	if message == "" {
		return None
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
	return Other
}
