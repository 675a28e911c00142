package captures

import (
	"regexp"
	"strconv"
	"strings"
)

// maxMessage is the maximum length of a message that is shown, in bytes.
const maxMessage = 300

// uriQuery matches the query or fragment of a URI, and its user information.
var uriQuery = regexp.MustCompile(`(://)\S*@|[?#]\S*`)

// CleanMessage returns an error message as the log and the status page show it: at most 300
// bytes, without the parts of URIs that can contain keys, and with control characters escaped.
func CleanMessage(message string) string {
	var clean strings.Builder
	for _, r := range uriQuery.ReplaceAllString(message, "$1") {
		if strconv.IsPrint(r) { // not so the characters that change the direction of writing
			clean.WriteRune(r)
		} else {
			clean.WriteString(strings.Trim(strconv.QuoteRune(r), "'"))
		}
	}
	if clean.Len() <= maxMessage {
		return clean.String()
	}
	const more = "…"
	return strings.ToValidUTF8(clean.String()[:maxMessage-len(more)], "") + more
}
