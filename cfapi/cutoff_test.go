package cfapi_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/cfapitest"
)

// small has a bit of everything that the decoder reads.
const small = `{"success":true,"errors":[{"code":1,"message":"m"}],"result_info":{"page":1,"total_count":2},` +
	`"new":{"a":[1,-2.5e3,true,null]},"result":[{"id":"i\u00e9","status":"complete","time_limit":300,"filter_v1":{}},null]}`

// A list that is cut off must never pass for a shorter one, wherever the cut.
func TestCutOffAtEveryByte(t *testing.T) {
	if l := listOnly(t, answeringText(small)); len(l.captures) != 2 {
		t.Fatalf("uncut: %+v", l)
	}
	for n := range len(small) {
		l := list(t.Context(), answeringText(small[:n]))
		wantReason(t, l.err, cfapi.ReasonDecode)
		if t.Failed() {
			t.Fatalf("cut after %d bytes", n)
		}
	}
}

func answeringText(body string) *cfapi.Client {
	return answering(http.StatusOK, nil, func() io.Reader { return strings.NewReader(body) })
}

// The connection breaks, even after the last byte of the list: HTTP has not
// said that there is no more.
func TestConnectionBreaksAtEveryByte(t *testing.T) {
	api, client := serve(t)
	api.Account(accountID).Answer([]byte(small))
	for n := range len(small) {
		api.Heal()
		api.Inject(cfapitest.Fault{CutOff: n + 1})
		l := list(t.Context(), client)
		wantReason(t, l.err, cfapi.ReasonDecode)
		if t.Failed() {
			t.Fatalf("cut after %d bytes", n+1)
		}
	}
	wantRequests(t, api, len(small))
}
