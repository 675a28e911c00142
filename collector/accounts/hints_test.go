package accounts

import (
	"errors"
	"fmt"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
)

func TestHint(t *testing.T) {
	for _, reason := range cfapi.Reasons() {
		if hints[reason] == "" {
			t.Errorf("no hint for %s", reason)
		}
	}
	unauthorized := hints[cfapi.ReasonUnauthorized]
	for err, want := range map[error]string{
		&cfapi.Error{StatusCode: 401, Code: 10000}: unauthorized,
		&cfapi.Error{StatusCode: 200, Code: 10000}: unauthorized,
		&cfapi.Error{StatusCode: 403, Code: 10000}: hints[cfapi.ReasonForbidden],
		&cfapi.Error{StatusCode: 400, Code: 6003}:  malformed,
		&cfapi.Error{StatusCode: 400, Code: 6111}:  malformed,
		&cfapi.Error{StatusCode: 403, Code: 9103}:  hintByCode[9103],
		&cfapi.Error{StatusCode: 400, Code: 9106}:  hintByCode[9106],
		&cfapi.Error{StatusCode: 403, Code: 9109}:  hintByCode[9109],
		&cfapi.Error{StatusCode: 429, Code: 10502}: hintByCode[10502],
		&cfapi.Error{StatusCode: 403}:              challenge,
		&cfapi.Error{StatusCode: 404, Code: 7003}:  hints[cfapi.ReasonRejected],
		errors.New("no route"):                     hints[cfapi.ReasonNetwork],
	} {
		if got := hint(fmt.Errorf("listing captures: %w", err)); got != want || got == "" {
			t.Errorf("%v: got %q, want %q", err, got, want)
		}
	}
}
