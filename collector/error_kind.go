package collector

import "strings"

// The kinds of error messages.
const (
	noPacketsMatched = "no_packets_matched"
	bucketError      = "bucket"
)

var errorKinds = []string{noPacketsMatched, bucketError, other}

// errorKind sorts the free text of a failed capture. Only the first kind is
// documented; the how-to page says of failures in general to verify the bucket.
func errorKind(message string) string {
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
