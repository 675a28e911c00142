package cfapi_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"cloudflare_pcap_exporter/cfapi"
)

func TestEnvelope(t *testing.T) {
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

// undecodable returns responses that are not what the API documents.
func undecodable() []string {
	return []string{
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
		strings.Repeat(`[`, 20_000),
		`{"new":` + strings.Repeat(`[`, 20_000),
	}
}

func TestUndecodable(t *testing.T) {
	api, client := newServer(t)
	for _, body := range undecodable() {
		api.Account(accountID).Respond([]byte(body))
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonDecode)
		if t.Failed() {
			t.Fatalf("the response was %.100q", body)
		}
	}
}

func TestSuccessFalse(t *testing.T) {
	api, client := newServer(t)
	for _, body := range []string{
		`{"success":false,"result":null}`,
		`{"success":false}`,
		`{"success":false,"result":{}}`,
		`{"success":true,"result":[],"success":false}`,
	} {
		api.Account(accountID).Respond([]byte(body))
		wantReason(t, list(t.Context(), client).err, cfapi.ReasonRejected)
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
	} {
		for _, body := range []string{`{"success":false,"errors":` + errs + `}`, `{"errors":` + errs + `,"success":false}`} {
			api.Account(accountID).Respond([]byte(body))
			err := list(t.Context(), client).err
			wantReason(t, err, cfapi.ReasonRejected)
			refused, ok := errors.AsType[*cfapi.Error](err)
			if !ok || refused.Code != want || refused.StatusCode != http.StatusOK || refused.Ray == "" {
				t.Errorf("%s: %#v, want code %d, status 200 and a ray", body, refused, want)
			}
		}
	}
}
