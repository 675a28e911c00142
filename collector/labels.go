package collector

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cloudflare_pcap_exporter/cfapi"
)

// What the API says must not hurt Prometheus.
const (
	maxLabelBytes   = 128
	maxUndocumented = 32  // values of one label
	maxGroups       = 500 // of one account
	foldedGroups    = 10  // of which kept for those that stand for others
)

const (
	unknown = "unknown" // in place of a value that is missing
	other   = "other"   // in place of values that are too many
)

// clean makes a text of the API's a label value.
func clean(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	if len(text) > maxLabelBytes {
		text = strings.ToValidUTF8(text[:maxLabelBytes], "") // drops the half of a rune at the cut
	}
	return text
}

// vocabulary folds the values of one label: those documented, then the first
// others, then "other".
type vocabulary struct {
	documented   []string
	undocumented []string
}

func (v *vocabulary) fold(text string) (value string, recognized bool) {
	switch text = clean(text); {
	case text == "":
		return unknown, true
	case slices.Contains(v.documented, text):
		return text, true
	case slices.Contains(v.undocumented, text):
		return text, false
	case len(v.undocumented) == maxUndocumented:
		return other, false
	}
	v.undocumented = append(v.undocumented, text)
	return text, false
}

var (
	documentedSystems  = []string{"magic-transit"}
	documentedTypes    = []string{"simple", "full"}
	documentedStatuses = cfapi.Statuses()
	unfinishedStatuses = []string{"pending", "running", "conversion_pending", "conversion_running"}
	finishedStatuses   = []string{"success", "complete", "failed"}
)
