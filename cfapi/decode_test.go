package cfapi_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
	"cloudflare_pcap_exporter/cfapi/simulation"
)

func TestResponse(t *testing.T) {
	api, client := newServer(t)
	for body, want := range map[string]int{
		`{"success":true,"result":[{"id":"a"}]}`:                                                   1,
		`{"result":[{"id":"a"}],"success":true}`:                                                   1,
		`{"success":true,"result":[]}`:                                                             0,
		`{"success":true,"result":null}`:                                                           0,
		" \t\r\n{ \"success\" : true , \"result\" : [ ] }\n\n":                                     0,
		`{"errors":[{"code":7003,"message":"m"}],"messages":[7],"result":[{}],"success":true}`:     1,
		`{"errors":null,"messages":{},"result_info":null,"success":true,"result":[{}]}`:            1,
		`{"errors":"x","result_info":"x","success":true,"result":[{}],"new":{"success":false}}`:    1,
		`{"errors":[null,5,{"code":"x"}],"result_info":[1],"success":true,"result":[{}]}`:          1,
		`{"succes\u0073":true,"resul\u0074":[{"id":"a"}]}`:                                         1,
		`{"result":{},"result":[{"id":"a"}],"success":false,"success":true}`:                       1,
		`{"result_info":{"page":{},"per_page":"9","total_count":null},"success":true,"result":[]}`: 0,
	} {
		api.Account(accountID).Respond([]byte(body))
		if l := list(t.Context(), client); l.err != nil || len(l.Captures) != want || l.Listed != want {
			t.Errorf("%s: %d captures of %d, %v; want %d", body, len(l.Captures), l.Listed, l.err, want)
		}
	}
}

// Responses that are not what the API documents. Their errors contain nothing of them.
func TestUndecodable(t *testing.T) {
	api, client := newServer(t)
	for _, body := range []string{
		`{"result":[]}`,
		`{"success":null,"result":[]}`,
		`{"success":"true","result":[]}`,
		`{"success":1,"result":[]}`,
		`{"success":{},"result":[]}`,
		`{"success":[],"result":[]}`,
		`{"Success":true,"result":[]}`,
		`{"success":true}`,
		`{"success":true,"result":{}}`,
		`{"success":true,"result":"x"}`,
		`{"success":true,"result":5}`,
		`{"success":true,"result":false}`,
		`{"success":true,"result":[{"id":"a"}],"result":{}}`,
		`{"success":true,"result":[]}]`,
		`{"success":true,"result":[]}{}`,
		`{"success":true,"result":[]} x`,
		`{"success":true,"result":[],}`,
		`{"success":true,"result":[{},]}`,
		`{"success":true,"result":[{"a":01}]}`,
		`{"success":true,"result":[{"id":"` + "\n" + `"}]}`,
		`{"success":true,"result":[}`,
		`{success:true,"result":[]}`,
		`[]`,
		`["success",true,"result",[]]`,
		`null`,
		`true`,
		" ",
		"\ufeff{}",
		"<!DOCTYPE html>\n<p>Just a moment?",
		"\x1f\x8b\x08",
		`{"success":true,"result":[{"destination_conf":"r2://b?key=SECRET` + "\n" + `"}]}`,
		`{"success":true,"result":[{"destination_conf":"r2://b?key=SECRET\x"}]}`,
		`{"success":true,"result":[{"filter_v1":{"source_address":SECRET}}]}`,
		`{"success":true,"result":[{"SECRET":{"source_address":"SECRET"`,
		`{"success":"SECRET","result":[]}`,
		`{"success":true,"result":"SECRET"}`,
		`SECRET`,
		strings.Repeat(`[`, 20_000),
		`{"new":` + strings.Repeat(`[`, 20_000),
	} {
		api.Account(accountID).Respond([]byte(body))
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonDecode)
		if t.Failed() {
			t.Fatalf("the response was %.100q", body)
		}
	}
}

// The code may precede or follow "success". The first valid one counts.
func TestErrorCode(t *testing.T) {
	api, client := newServer(t)
	for errs, want := range map[string]int{
		`[{"code":1001,"message":"m"}]`:            1001,
		`[{"message":"m","code":1001},{"code":2}]`: 1001,
		`[{},{"code":null},{"code":1001}]`:         1001,
		`[{"code":1e99}]`:                          0,
		`[{"code":"1001"}]`:                        0,
		`[{"code":-7}]`:                            0,
		`{"code":1001}`:                            0,
		`null`:                                     0,
	} {
		for _, form := range []string{
			`{"success":false,"errors":E}`, `{"errors":E,"success":false}`, `{"success":false,"result":{},"errors":E}`,
			`{"success":true,"result":[],"errors":E,"success":false}`,
		} {
			body := strings.Replace(form, "E", errs, 1)
			api.Account(accountID).Respond([]byte(body))
			err := list(t.Context(), client).err
			wantReason(t, err, cfapi.ReasonRejected)
			refused, ok := errors.AsType[*cfapi.Error](err)
			if !ok || refused.Code != want || refused.StatusCode != http.StatusOK {
				t.Errorf("%s: %#v, want code %d and status 200", body, refused, want)
			}
		}
	}
}

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
