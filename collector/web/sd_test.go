package web

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cloudflare_pcap_exporter/cfapi/simulation"
	"cloudflare_pcap_exporter/collector/config"
)

func targetGroupJSON(id, name string) string {
	return `{"targets":["` + id + `"],"labels":{"__meta_cloudflare_account_id":"` + id + `","__meta_cloudflare_account_name":"` + name + `"}}`
}

func TestServiceDiscovery(t *testing.T) {
	long := strings.Repeat("x", 129)
	for want, configured := range map[string][]config.Account{
		"": nil,
		targetGroupJSON(accountID, `edge \"1\"`) + "," + targetGroupJSON(otherID, long[1:]): {{ID: accountID, Name: `edge "1"`}, {ID: otherID, Name: long}},
	} {
		e := newExporter(t, Options{}, configured...)
		w := e.do(http.MethodGet, "/sd")
		if got := w.Body.String(); got != "["+want+"]\n" || w.Header().Get("Content-Type") != "application/json" || len(e.api.Requests()) != 0 {
			t.Errorf("got %s of type %s, want %s; %d requests", got, w.Header().Get("Content-Type"), want, len(e.api.Requests()))
		}
	}
}

// Until a lookup of the accounts has succeeded, they are unknown. Then the last ones remain.
func TestServiceDiscoveryLooksAccountsUp(t *testing.T) {
	file := writeConfig(t, credentialsYAML+"discover: true\naccounts: ["+edgeYAML+"]")
	want := "[" + targetGroupJSON(accountID, "edge") + "," + targetGroupJSON(otherID, "found") + "]\n"
	synctest.Test(t, func(t *testing.T) {
		e := newBubbleExporter(t, Options{ConfigFile: file})
		e.api.Account(otherID).SetName("found")
		e.api.Inject(simulation.Fault{Endpoint: "accounts", Status: 403, Body: `{"success":false,"errors":[{"code":10000}]}`})
		undiscovered := func(want string) {
			t.Helper()
			for _, path := range []string{"/sd", "/probe?target=found"} {
				if w := e.do(http.MethodGet, path); w.Code != http.StatusServiceUnavailable || w.Body.String() != want+"\n" {
					t.Errorf("%s: status %d: %s", path, w.Code, w.Body)
				}
			}
			wantLines(t, e.get(t, "/metrics"), `up{account="`+accountID+`"} 1`)
			wantLines(t, e.get(t, "/probe?target=edge"), `up{account="`+accountID+`"} 1`)
		}
		undiscovered("the accounts are not discovered yet")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		go e.Discover(ctx)
		time.Sleep(time.Second)
		undiscovered("discovering accounts failed: forbidden: listing accounts: the API responded 403 Forbidden, error code 10000, cf-ray \"0000000000000003-SIM\"; " +
			"check that the token is correct and active, and give it the permission Account Settings Read")
		e.api.Heal()
		time.Sleep(time.Minute)
		e.api.Inject(simulation.Fault{Endpoint: "accounts", Status: 500})
		time.Sleep(time.Hour)
		wantLines(t, e.get(t, "/probe?target=found"), `up{account="`+otherID+`"} 1`)
		if got := e.get(t, "/sd"); got != want {
			t.Errorf("got %s", got)
		}
	})
}
