package cfapi_test

import (
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestNames(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, 4500) + strings.Repeat(`]}`, 4500)
	for members, want := range map[string]cfapi.Capture{
		`"\u0069d":"i","stat\u0075s":"s"`:         {ID: "i", Status: "s"},
		`"ID":"i","Status":"s"`:                   {},
		`"":"i","id ":"i","idd":"i","i":"i"`:      {},
		`"i\ud800d":1,"id":"i"`:                   {ID: "i"},
		"\"i\xffd\":1,\"id\":\"i\"":               {ID: "i"},
		`"new":` + deep + `,"id":"i"`:             {ID: "i"},
		`"id":` + deep + `,"status":"s"`:          {Status: "s"},
		`"filter_v1":` + deep + `,"id":"i"`:       {ID: "i"},
		`"time_limit":` + deep + `,"id":"i"`:      {ID: "i"},
		`"new":{"id":"x","status":"x"},"id":"i"`:  {ID: "i"},
		`"new":[{"id":"x"}],"status":"s"`:         {Status: "s"},
		`"id":"i","id":"j"`:                       {ID: "j"},
		`"status":"s","new":1,"new":2,"type":"t"`: {Status: "s", Type: "t"},
	} {
		wantCapture(t, members, want)
	}
}

// small contains a value of every kind.
const small = `{"success":true,"errors":[{"code":1,"message":"m"}],"result_info":{"page":1,"total_count":2},` +
	`"new":{"a":[1,-2.5e3,true,null]},"result":[{"id":"i\u00e9","status":"complete","time_limit":300,"filter_v1":{}},null]}`

// An incomplete list is an error, even if only the end of the HTTP body is missing.
func TestIncompleteResponse(t *testing.T) {
	api, client := newServer(t)
	api.Account(accountID).Respond([]byte(small))
	for n := range len(small) {
		wantReason(t, list(t.Context(), scriptedClient(small[:n])).err, cfapi.ReasonDecode)
		api.Heal()
		api.Inject(simulation.Fault{CutOff: n + 1})
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonDecode)
		if t.Failed() {
			t.Fatalf("cut off after %d bytes", n)
		}
	}
	wantRequests(t, api, len(small))
}

// The decoder has a whole value in memory, so a long one is refused, but not a long list or
// capture.
func TestLongValues(t *testing.T) {
	const most = 1<<20 - len(`{"id":""`)
	x := strings.Repeat("x", most)
	mustList(t, scriptedClient(wrap(strings.Repeat(`{"id":"`+x+`","no":"`+x+`"},`, 3)+`"`+x+`"`)))
	for name, element := range map[string]string{
		"string":         `{"id":"xxxxxxxx` + x + `"}`,
		"skipped string": `"xxxxxxxx` + x + `"`,
		"name":           `{"xxxxxxxx` + x + `":7}`,
		"number":         `{"time_limit":` + strings.Repeat("7", 1<<20) + `}`,
		"white space":    strings.Repeat(" ", 1<<20) + "7",
	} {
		t.Run(name, func(t *testing.T) {
			wantReason(t, list(t.Context(), scriptedClient(wrap(element))).err, cfapi.ReasonDecode)
		})
	}
}
